"""A rule book as people print, post and sign it (考评细则文本): one self-contained page, from the book alone.

Sober after GB/T 9704: a centred title, body in FangSong, 28 points from line to line, A4 with its margins. Whatever a
book says is escaped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from services.scoring.domain.points import decimal_points
from services.scoring.domain.rule import Rule
from services.scoring.domain.rule_book import Circumstance, RuleBook
from services.scoring.domain.words import Words

# 37 mm above and 28 mm at the binding edge: GB/T 9704-2012, 5.2.
_STYLE = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm }
body { font-family: FangSong, STFangsong, "仿宋", serif; font-size: 16pt; line-height: 28pt; color: #000;
  max-width: 156mm; margin: 12mm auto }
h1 { font-family: "方正小标宋简体", SimSun, "宋体", serif; font-size: 22pt; line-height: 32pt; font-weight: normal;
  text-align: center; margin: 0 0 8pt }
h2 { font-family: SimHei, "黑体", sans-serif; font-size: 16pt; font-weight: normal; margin: 14pt 0 0; text-indent: 2em;
  break-after: avoid }
p { margin: 0; text-indent: 2em; text-align: justify }
p.note { text-align: center; text-indent: 0; font-family: KaiTi, STKaiti, "楷体", serif }
table { width: 100%; border-collapse: collapse; font-size: 10.5pt; line-height: 15pt; margin: 6pt 0 }
th, td { border: 0.5pt solid #000; padding: 3pt 4pt; text-align: left; vertical-align: top }
th { font-family: SimHei, "黑体", sans-serif; font-weight: normal; text-align: center }
td.points { text-align: center; white-space: nowrap }
thead { display: table-header-group }
tr { break-inside: avoid }
"""
_NUMBERS = "一二三四五六七八九十"
_PERIODS = {"quarter": "按季考评，全年得分为各季得分的平均", "year": "按年考评"}


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a printed book says of itself beside its rules: a sentence under the title, its last day, its basis."""

    note: str
    until: date | None = None
    basis: str | None = None


def printed(book: RuleBook, words: Words, imprint: Imprint) -> str:
    """The whole page as HTML."""
    title = f"{book.title.removesuffix('考评')}考评细则"
    parts = [
        ("总则", _general(book, words, imprint)),
        ("计分项目", _table(book.rules, book, words)),
        *((("应得分", _table(book.attainable, book, words)),) if book.attainable else ()),
        *((("免计和存续情形", _circumstances(book.circumstances, words)),) if book.circumstances else ()),
        *((("参考等次", _grades(book)),) if book.grades else ()),
        ("附则", _closing()),
    ]
    body = "".join(f"<h2>{_NUMBERS[at]}、{escape(name)}</h2>{content}" for at, (name, content) in enumerate(parts))
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f'<p class="note">（{escape(book.version)} 版，{escape(imprint.note)}）</p>{body}</body></html>'
    )


def day_in_words(day: date) -> str:
    """A day as documents write it: 2024年1月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def formula(book: RuleBook) -> str:
    """How the score is made, in a sentence."""
    if book.attainable:
        return "得分 = 实得分 ÷ 应得分 × 100。没有应得分的周期为“待评”。"
    earns, costs = (any(rule.award.points * sign > 0 for rule in book.rules) for sign in (1, -1))
    items = f"基础分 {_number(book.base)}{' + 加分合计' if earns else ''}{' − 扣分合计' if costs else ''}"
    if book.shares is not None:
        return f"得分 =（{items}）× {book.shares.items}% + 评议 × {book.shares.review}%。评议分出来之前为“评议待评”。"
    return f"得分 = {items}。"


def _general(book: RuleBook, words: Words, imprint: Imprint) -> str:
    whom = [words.value(each) for each in (*book.applies_to.kinds, *book.applies_to.posts)]
    if book.applies_to.members:
        whom.append(words.value("member"))
    until = "" if imprint.until is None else f"，至{day_in_words(imprint.until)}止"
    sentences = [
        f"适用对象：{'、'.join(whom)}。",
        f"施行日期：自{day_in_words(book.effective.from_)}起施行{until}。",
        f"考评周期：{_PERIODS[book.period]}。",
        f"得分计算：{formula(book)}",
    ]
    if book.review is not None:
        sentences.append(f"评议：{book.review.title}（{book.review.source.sentence}）。")
    if imprint.basis is not None:
        sentences.append(f"发布依据：{imprint.basis}。")
    return _paragraphs(sentences)


def _table(rules: Sequence[Rule], book: RuleBook, words: Words) -> str:
    titles = {each.id: each.title for each in book.circumstances}
    heads = ("序号", "项目", "依据", "何种事实", "分值", "封顶", "说明")
    rows = (
        (
            str(number),
            rule.title,
            rule.source.sentence,
            _facts(rule.on, rule.where, words),
            _signed(rule.award.points),
            _caps(rule, words),
            _notes(rule, titles, words),
        )
        for number, rule in enumerate(rules, start=1)
    )
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(_row(row) for row in rows)}</tbody></table>"


def _row(cells: Iterable[str]) -> str:
    shown = [escape(cell) for cell in cells]
    points = {0, 4}
    return (
        "<tr>"
        + "".join(
            f'<td class="points">{cell}</td>' if at in points else f"<td>{cell}</td>" for at, cell in enumerate(shown)
        )
        + "</tr>"
    )


def _facts(names: Sequence[str], where: dict[str, tuple[bool | int | str, ...]], words: Words) -> str:
    facts = "、".join(dict.fromkeys(words.event(name) for name in names))
    terms = [
        f"{words.field(field)}：{'、'.join(words.value(value) for value in values)}" for field, values in where.items()
    ]
    return f"{facts}（{'；'.join(terms)}）" if terms else facts


def _caps(rule: Rule, words: Words) -> str:
    bounds = [f"每{words.value(cap.per)}至多 {_signed(cap.points)} 分" for cap in rule.caps]
    if rule.once is not None:
        bounds.insert(0, f"每{words.value(rule.once)}只计一次")
    return "；".join(bounds) or "不封顶"


def _notes(rule: Rule, titles: dict[str, str], words: Words) -> str:
    notes = []
    if rule.categories:
        notes.append(f"只适用于{'、'.join(words.value(each) for each in rule.categories)}支部")
    if rule.exempt_in:
        notes.append(f"有下列情形的不计：{'、'.join(titles.get(each, each) for each in rule.exempt_in)}")
    if rule.half_back is not None:
        notes.append(f"补办的返还一半（{_number(-rule.award.points // 2)} 分）")
    if rule.meet is not None:
        notes.append(rule.meet)
    return "；".join(notes) or "—"


def _circumstances(circumstances: Sequence[Circumstance], words: Words) -> str:
    effects = {
        "exempt": "存续期间，注明此情形的项目不计",
        "veto": "存续期间不评定等次",
        "note": "存续期间在得分旁注明",
    }
    return _paragraphs(
        f"{each.title}（{each.source.sentence}）：以“{_named(each, words)}”的事实为准，{effects[each.effect]}。"
        for each in circumstances
    )


def _named(circumstance: Circumstance, words: Words) -> str:
    return "”“".join(dict.fromkeys(_facts(lasting.on, lasting.where, words) for lasting in circumstance.lasts))


def _grades(book: RuleBook) -> str:
    steps = "；".join(f"{_number(grade.at_least)} 分及以上为{grade.title}" for grade in book.grades)
    shown = "得分旁显示参考等次" if book.grades_shown else "得分旁不显示参考等次"
    return _paragraphs([f"{steps}。{shown}；等次由人审定签字，系统不排名。"])


def _closing() -> str:
    return _paragraphs(
        [
            "分值按事实发生之日施行的版本计算，封顶按考评周期最后一日施行的版本计算。",
            "未列入本细则的事实不计分。对计分有异议的，可以在公示期内提出异议，由组织核查答复。",
            "考评周期确认归档后不再改动，确有差错的以更正记录计入当期。",
        ]
    )


def _paragraphs(sentences: Iterable[str]) -> str:
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)


def _signed(points: int) -> str:
    return f"+{_number(points)}" if points > 0 else _number(points)


def _number(points: int) -> str:
    """Points without needless zeros, with a true minus: −0.5."""
    return f"{decimal_points(points).normalize():f}".replace("-", "−")
