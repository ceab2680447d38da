"""A passport as people print it for the review meeting (得分明细打印页): one self-contained page.

Ids in place of names: whoever prints it knows whom it is about. Whatever is shown is escaped.
"""

from collections.abc import Iterable, Sequence
from html import escape

from services.scoring.domain.awards import Award
from services.scoring.domain.passport import Passport, PassportLine, State
from services.scoring.domain.points import decimal_points
from services.scoring.domain.printed import day_in_words, formula
from services.scoring.domain.rule_book import PREFIX
from services.scoring.domain.seal import CorrectionLine
from services.scoring.domain.shortfall import Shortfall
from services.scoring.domain.words import Words
from shared.events.scoring import ScoreState

_STYLE = """
@page { size: A4 landscape; margin: 16mm }
body { font-family: FangSong, STFangsong, "仿宋", serif; font-size: 11pt; line-height: 1.5; color: #000;
  max-width: 262mm; margin: 10mm auto }
h1 { font-size: 17pt; text-align: center; font-weight: normal; margin: 0 0 4pt }
h2 { font-family: SimHei, "黑体", sans-serif; font-size: 12pt; font-weight: normal; margin: 10pt 0 2pt }
p { margin: 0 }
p.note { text-align: center }
table { width: 100%; border-collapse: collapse; font-size: 9pt; line-height: 1.35; margin: 4pt 0 }
th, td { border: 0.5pt solid #000; padding: 2pt 3pt; text-align: left; vertical-align: top }
th { font-family: SimHei, "黑体", sans-serif; font-weight: normal }
td.n { text-align: right; white-space: nowrap }
td.id { font-family: monospace; font-size: 7pt; word-break: break-all }
thead { display: table-header-group }
tr { break-inside: avoid }
p.sign { margin-top: 14pt; text-align: right }
"""
_SCORE_STATES: dict[ScoreState, str] = {"live": "实时", "notice": "公示", "sealed": "归档"}
_LINE_STATES: dict[State, str] = {"counted": "计分", "exempt": "免计", "reversed": "已冲销", "reversal": "冲销"}
Cell = tuple[str, str]
"""A table cell: its class and its text."""


def printed_passport(passport: Passport, title: str, states: Sequence[ScoreState], words: Words) -> str:
    """The whole page as HTML; a year made of quarters has one part for each."""
    parts = passport.parts or (passport,)
    key = passport.score.key
    heading = f"{passport.score.book.title}得分明细"
    body = "".join(_part(part, state, words) for part, state in zip(parts, states, strict=True))
    whole = f"<p>全年得分：{_points(passport.score.points)}（各季平均）</p>" if passport.parts else ""
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(heading)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(heading)}</h1>"
        f'<p class="note">{escape(title)}　考评周期 {escape(key.period)}</p>{whole}{body}'
        '<p class="sign">考评对象签字：＿＿＿＿＿＿＿＿　　审定人签字：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿＿＿</p>'
        "</body></html>"
    )


def _part(passport: Passport, state: ScoreState, words: Words) -> str:
    score = passport.score
    facts = [
        f"周期 {score.key.period}，{_SCORE_STATES[state]}，按 {score.book.version} 版考评细则。",
        f"{formula(score.book)}",
        f"得分：{_points(score.points)}；基础分和各项合计：{_points(score.items)}"
        + ("" if score.attainable is None else f"；应得分：{_points(score.attainable)}")
        + ("" if score.review is None else f"；评议：{_points(score.review)}")
        + (f"；更正：{_points(score.corrections)}" if score.corrections else "")
        + "。",
    ]
    facts += [f"{lasts.circumstance.title}：自{day_in_words(lasts.first)}起。" for lasts in score.lasting]
    if passport.seal is not None:
        facts.append(f"归档摘要：{passport.seal.digest}，含计分记录 {len(passport.seal.entries)} 条。")
    sections = [
        ("计分记录", _lines(passport.awards, words)),
        ("应得分的来源", _lines(passport.attainable, words)),
        ("评议分的来源", _lines(passport.review, words)),
        ("未得分原因", _why_not(passport.why_not)),
        ("更正记录（记入本周期）", _corrections(passport.corrections, words)),
        ("归档之后才知道的记录（更正记入其他周期）", _corrections(passport.late, words)),
    ]
    shown = "".join(f"<h2>{escape(name)}</h2>{content}" for name, content in sections if content)
    return "".join(f"<p>{escape(fact)}</p>" for fact in facts) + shown


def _lines(lines: Sequence[PassportLine], words: Words) -> str:
    heads = ("计入日期", "规则", "依据", "事实", "细则版本", "分值", "封顶影响", "计入", "累计", "状态", "事实编号")
    return _table(
        heads,
        [
            [
                ("", line.award.day.isoformat()),
                ("", line.rule.title),
                ("", line.rule.source.sentence),
                ("", _fact(line.award, words)),
                ("", line.award.book_version),
                ("n", _points(line.points)),
                ("n", _points(line.cap_effect)),
                ("n", _points(line.counted)),
                ("n", _points(line.running_total)),
                ("", _LINE_STATES[line.state]),
                ("id", line.award.event_id),
            ]
            for line in lines
        ],
    )


def _why_not(shortfalls: Sequence[Shortfall]) -> str:
    return _table(
        ("规则", "依据", "被扣或未得", "补办可返还", "怎样做到"),
        [
            [
                ("", each.rule.title),
                ("", each.rule.source.sentence),
                ("n", "—" if each.missing is None else _points(each.missing)),
                ("n", _points(each.comes_back)),
                ("", each.meet),
            ]
            for each in shortfalls
        ],
    )


def _corrections(lines: Sequence[CorrectionLine], words: Words) -> str:
    return _table(
        ("已归档的周期", "记入的周期", "变动", "计入日期", "事实", "事实编号"),
        [
            [
                ("", line.sealed.period),
                ("", line.target),
                ("n", _points(line.points)),
                ("", line.entry.day.isoformat()),
                ("", _fact(line.entry, words)),
                ("id", line.entry.event_id),
            ]
            for line in lines
        ],
    )


def _table(heads: Iterable[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A table; nothing at all when there are no rows."""
    if not rows:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, rows))}</tbody></table>"


def _row(cells: Sequence[Cell]) -> str:
    return "<tr>" + "".join(f'<td class="{name}">{escape(text)}</td>' for name, text in cells) + "</tr>"


def _fact(award: Award, words: Words) -> str:
    return words.event(award.event_type.removeprefix(PREFIX))


def _points(points: int | None) -> str:
    return "待评" if points is None else f"{decimal_points(points)}".replace("-", "−")
