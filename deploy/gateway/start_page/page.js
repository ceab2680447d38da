// The start page (工作台): what I owe, the visits of this week, a score with every entry behind it, what is running.

import { element, fill, folded, list, mark, note, table } from "./elements.js";
import { changePassword, claims, get, isReady, logIn, loggedIn, logOut, mustChange, resume } from "./session.js";
import { ENTRY, isDone, OBLIGATION, periods, plain, ROLE, SERVICE, signed, thisWeek, unlessZero, when } from "./words.js";

const PERSONAL = ["inbox", "visits", "score"];
const READINESS_MILLISECONDS = 15000;
const names = new Map();
const SHOWN_AT_ONCE = 6;
const INBOX_PAGES = 10;
const find = (selector) => document.querySelector(selector);
const nameOf = (id) => names.get(id) ?? (id ? `${id.slice(0, 8)}…` : "");

/** Whatever is called 演示 marks the whole page: nobody takes its figures for real ones. */
function noticeDemo(title) {
  if (title?.includes("演示")) find("#demo").hidden = false;
  return title;
}

/** Entries stand by their day, done or not: an old one that is still owed may stand on a later page. */
async function wholeInbox() {
  const { items, unread, next } = await get("/api/notifications/inbox?limit=200");
  for (let cursor = next, pages = 1; cursor && pages < INBOX_PAGES; pages += 1) {
    const page = await get(`/api/notifications/inbox?limit=200&cursor=${cursor}`);
    items.push(...page.items);
    cursor = page.next;
  }
  return { items, unread };
}

async function showInbox() {
  const { items, unread } = await wholeInbox();
  if (items.length === 0) return note("没有需要办理的事项。");
  items.forEach(({ obligation }) => noticeDemo(obligation.organisation_title));
  const owed = items.filter(({ obligation }) => !isDone(obligation)).map(inboxRow);
  const done = items.filter(({ obligation }) => isDone(obligation)).map(inboxRow);
  const later = owed.splice(SHOWN_AT_ONCE);
  return [
    note(`未读 ${unread} 条`),
    owed.length === 0 ? note("没有需要办理的事项。") : list(owed),
    later.length === 0 ? "" : folded(`另有 ${later.length} 条`, list(later)),
    done.length === 0 ? "" : folded(`已办 ${done.length} 条`, list(done)),
  ];
}

function inboxRow({ obligation, read }) {
  return element("li", {},
    mark(obligation.state_text, OBLIGATION[obligation.state] ?? ""),
    read ? obligation.title : element("strong", {}, obligation.title),
    element("small", {}, obligation.text),
    element("small", {}, [
      obligation.own ? "" : nameOf(obligation.cadre_id ?? obligation.branch_id),
      obligation.organisation_title, `期限 ${when(obligation.due_on)}`, ENTRY[obligation.entry],
    ].filter(Boolean).join(" · ")),
  );
}

async function showVisits() {
  const mine = claims().roles.every(({ role }) => role === "cadre" || role === "member");
  const { items } = await get(`/api/visits/visits?period=${thisWeek()}&mine=${mine}&limit=50`);
  if (items.length === 0) return note("本周还没有走访记录。");
  return list(items.map((visit) => element("li", {},
    visit.withdrawn ? mark("已撤回", "bad") : "", mark(ENTRY[visit.entry], "near"),
    when(visit.occurred_at), element("small", {}, mine ? nameOf(visit.branch_id) : `${nameOf(visit.branch_id)} · ${nameOf(visit.cadre_id)}`),
  )));
}

async function showScore() {
  const form = find("#score form");
  if (!form.subject.value) return note("您的账号没有可查看的得分对象。");
  const passport = await get(`/api/scoring/scores/${form.subject.value}/passport?period=${form.period.value}`);
  return [total(passport.score), ...sheets(passport)];
}

function total(score) {
  const facts = [];
  if (Number(score.base) > 0) facts.push(`基础分 ${plain(score.base)}`);
  if (Number(score.taken_off) > 0) facts.push(`已扣 ${plain(score.taken_off)} 分`);
  if (score.attainable !== null) facts.push(`实得 ${plain(score.items)} 分，应得 ${plain(score.attainable)} 分`);
  facts.push(`考评细则 ${score.book_version} 版`);
  return element("div", { class: "total" },
    score.points === null ? "" : element("strong", {}, `${plain(score.points)} 分`),
    mark(score.awaiting, "near"), facts.join(" · "));
}

function sheets(passport) {
  if (passport.quarters.length > 0) {
    return passport.quarters.flatMap((quarter) => [
      element("h3", {}, `${quarter.score.period} `), total(quarter.score), ...sheets(quarter),
    ]);
  }
  const counted = passport.score.rules.filter((rule) => rule.count > 0);
  return [
    counted.length === 0 ? "" : rules("按规则汇总", counted),
    passport.awards.length === 0 ? note("这一周期还没有计分记录。") : awards("计分记录", passport.awards),
    passport.attainable.length === 0 ? "" : folded("应得分的来源", awards("", passport.attainable)),
  ];
}

const rules = (caption, rows) => table(caption, [
  ["规则", "", (line) => line.title],
  ["依据", "", (line) => line.source],
  ["记录数", "number", (line) => String(line.count)],
  ["分值", "number", (line) => signed(line.points)],
  ["封顶影响", "number", (line) => unlessZero(line.cap_effect)],
  ["计入", "number", (line) => signed(line.counted)],
], rows);

const awards = (caption, rows) => table(caption, [
  ["日期", "short", (line) => when(line.day)],
  ["规则", "", (line) => element("span", {},
    line.state === "counted" ? "" : mark(line.state_title, "near"), mark(ENTRY[line.entry]), line.rule_title)],
  ["依据", "", (line) => line.source],
  ["版本", "short", (line) => line.book_version],
  ["分值", "number", (line) => signed(line.points)],
  ["封顶影响", "number", (line) => unlessZero(line.cap_effect)],
  ["累计", "number", (line) => plain(line.running_total)],
  ["事件", "code", (line) => element("span", { title: line.event_id }, line.event_id.slice(0, 8))],
], rows, (line) => (line.state === "reversed" ? "gone" : ""));

/** Everything of a list I may read; a role that may not read it, or a service that is away, gives nothing. */
const readable = async (path) => (await get(`${path}?limit=200`).catch(() => ({ items: [] }))).items;

/** Learn what organisations and people are called; those I may not read are shown by the start of their id. */
async function learnNames() {
  const [organisations, postings] = await Promise.all([
    readable("/api/members/organisations"), readable("/api/members/postings"),
  ]);
  for (const each of organisations) names.set(each.id, noticeDemo(each.title));
  for (const each of postings) if (each.name) names.set(each.cadre_id, each.name);
}

const byName = (scores) => scores.map((each) => each.subject_id)
  .sort((one, other) => nameOf(one).localeCompare(nameOf(other), "zh-CN"));

/** Whose score I may look at: my own first, then my branch, then all in my scope. */
async function offerSubjects() {
  const { person_id: person, roles } = claims();
  const [cadres, branches] = await Promise.all([
    readable("/api/scoring/scores/cadre"), readable("/api/scoring/scores/branch"),
  ]);
  for (const each of branches) if (each.title) names.set(each.subject_id, noticeDemo(each.title));
  const offers = new Map();
  for (const { role, scope } of roles) {
    if (role === "cadre") offers.set(`cadre/${person}`, `本人（联村干部）`);
    if (role === "branch_secretary") offers.set(`branch/${scope}`, nameOf(scope));
  }
  for (const id of byName(cadres)) if (id !== person) offers.set(`cadre/${id}`, `联村干部 ${nameOf(id)}`);
  for (const id of byName(branches)) offers.set(`branch/${id}`, nameOf(id));
  offer(find("#score [name=subject]"), [...offers]);
  offerPeriods();
}

/** A branch is judged by the year, a cadre by the quarter and the year. */
function offerPeriods() {
  const yearly = find("#score [name=subject]").value.startsWith("branch/");
  offer(find("#score [name=period]"), periods().filter(([name]) => !yearly || !name.includes("Q")));
}

function offer(select, choices) {
  select.replaceChildren(...choices.map(([value, word]) => element("option", { value }, word)));
}

async function showHealth() {
  const rows = await Promise.all(Object.entries(SERVICE).map(async ([service, word]) => {
    const ready = await isReady(service).catch(() => false);
    return element("li", {}, mark(ready ? "就绪" : "未就绪", ready ? "good" : "bad"), word,
      element("a", { href: `/api/${service}/docs` }, "接口说明"));
  }));
  find("#health ul").replaceChildren(...rows);
}

async function show() {
  const known = loggedIn();
  const changing = known && mustChange();
  find("#log-in").hidden = known;
  find("#change-password").hidden = !changing;
  find("#who").hidden = !known;
  for (const section of PERSONAL) find(`#${section}`).hidden = !known || changing;
  if (!known || changing) return;
  const words = claims().roles.map(({ role }) => ROLE[role] ?? role);
  find("#who-name").textContent = [...new Set(words)].join("、");
  await learnNames();
  await offerSubjects();
  await Promise.all([fill("inbox", showInbox), fill("visits", showVisits), fill("score", showScore)]);
}

/** Do what a form is for, then show what is open now; a refusal is said below its button. */
function onSubmit(section, work) {
  find(`${section} form`).addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const [button, said] = [form.querySelector("button"), form.querySelector("[role=alert]")];
    button.disabled = true;
    said.textContent = "";
    try {
      await work(form);
      form.reset();
      await show();
    } catch (refusal) {
      said.textContent = refusal.message;
      if (!loggedIn() && section !== "#log-in") {
        await show();
        find("#log-in form [role=alert]").textContent = refusal.message;
      }
    } finally {
      button.disabled = false;
    }
  });
}

onSubmit("#log-in", async (form) => {
  await logIn(form.username.value.trim(), form.password.value);
  if (mustChange()) find("#change-password form").old.value = form.password.value;
});

onSubmit("#change-password", async (form) => {
  if (form.fresh.value !== form.again.value) throw new Error("两次输入的新密码不一致，请重新输入。");
  await changePassword(form.old.value, form.fresh.value);
});

find("#score form").addEventListener("submit", (event) => {
  event.preventDefault();
  fill("score", showScore);
});

find("#log-out").addEventListener("click", async () => {
  await logOut();
  window.location.reload();
});

find("#score [name=subject]").addEventListener("change", offerPeriods);
setInterval(showHealth, READINESS_MILLISECONDS);
showHealth();
resume().then(show, show);
