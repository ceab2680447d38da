// The words people read for the codes of the platform (docs/glossary.md), and how days and points are written.

/** How urgent the state of an obligation looks; its word comes with it. */
export const OBLIGATION = {
  warned: "near", overdue: "bad", satisfied: "good", satisfied_late: "near", missed: "bad",
};

/** What is done or excused stands below what is still owed. */
export const isDone = ({ state }) => ["satisfied", "satisfied_late", "waived", "superseded"].includes(state);

export const ENTRY = { live: "", late: "迟报", history: "补录" };

export const ROLE = {
  secretary: "书记", organiser: "组织委员", branch_secretary: "支部书记", cadre: "联村干部", member: "党员",
  county_organiser: "县委组织部", supervisor: "监督员", administrator: "管理员",
};

export const SERVICE = {
  identity: "账号与登录", members: "组织与党员", visits: "调研走访", duties: "责任落实", scoring: "积分台账", notifications: "应办事项",
};

const SHANGHAI = { timeZone: "Asia/Shanghai" };
const DAY = new Intl.DateTimeFormat("zh-CN", { ...SHANGHAI, month: "long", day: "numeric", weekday: "short" });
const MOMENT = new Intl.DateTimeFormat("zh-CN", {
  ...SHANGHAI, month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit",
});

/** A local day (`2023-10-09`) or an instant, as people say it. */
export function when(text) {
  if (!text) return "";
  return text.length === 10 ? DAY.format(new Date(`${text}T12:00:00+08:00`)) : MOMENT.format(new Date(text));
}

/** Today in Shanghai as year, month, day. */
function today() {
  const parts = new Intl.DateTimeFormat("en-CA", SHANGHAI).format(new Date());
  return new Date(`${parts}T00:00:00Z`);
}

/** The name of the current week, Monday to Sunday: `2023-W41`. */
export function thisWeek() {
  const day = today();
  const thursday = new Date(day);
  thursday.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday - first) / 604800000) + 1;
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}

/** Quarters back from now, then years, then the history the report tells of. */
export function periods() {
  const day = today();
  let year = day.getUTCFullYear();
  let quarter = Math.floor(day.getUTCMonth() / 3) + 1;
  const found = [];
  for (let back = 0; back < 4; back += 1) {
    found.push([`${year}-Q${quarter}`, `${year} 年第 ${quarter} 季度`]);
    quarter -= 1;
    if (quarter === 0) [year, quarter] = [year - 1, 4];
  }
  const now = day.getUTCFullYear();
  found.push([`${now}`, `${now} 年`], [`${now - 1}`, `${now - 1} 年`]);
  found.push(["2023-Q4", "2023 年第 4 季度"], ["2023", "2023 年"]);
  return found.filter(([name], place) => found.findIndex(([other]) => other === name) === place);
}

/** Points arrive as exact decimals in text; signed where they change something. */
export function signed(points) {
  return Number(points) > 0 ? `+${plain(points)}` : plain(points);
}

export const unlessZero = (points) => (Number(points) === 0 ? "" : signed(points));

export function plain(points) {
  return points === null || points === undefined ? "" : String(Number(points)).replace("-", "−");
}
