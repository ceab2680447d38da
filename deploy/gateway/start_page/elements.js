// Building what is shown. Text is always set as text: nothing that comes from the platform is ever read as markup.

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [property, value] of Object.entries(properties)) {
    if (property === "class") made.className = value;
    else made.setAttribute(property, value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

export const note = (sentence, kind = "note") => element("p", { class: kind }, sentence);

export const mark = (word, kind = "") => (word ? element("span", { class: `mark ${kind}` }, word) : "");

export const list = (items) => element("ul", {}, ...items);

/** Something long that is opened when it is wanted. */
export const folded = (title, content) => element("details", {}, element("summary", {}, title), content);

/** A table whose rows fold into title and value on a phone. Columns: [title, class, row → text or element]. */
export function table(caption, columns, rows, rowClass = () => "") {
  const head = element("thead", {}, element("tr", {}, ...columns.map(([title, kind]) => element("th", { class: kind }, title))));
  const body = rows.map((row) => element("tr", { class: rowClass(row) }, ...columns.map(
    ([title, kind, value]) => element("td", { class: kind, "data-title": title }, value(row) ?? ""),
  )));
  return element("table", {}, caption ? element("caption", {}, caption) : "", head, element("tbody", {}, ...body));
}

/** Fill a section: first a word of waiting, then what was found, or the refusal as it was said. */
export async function fill(section, find) {
  const place = document.querySelector(`#${section} .content`);
  place.replaceChildren(note("正在读取 …"));
  try {
    place.replaceChildren(...[await find()].flat().filter((child) => child !== ""));
  } catch (refusal) {
    place.replaceChildren(note(refusal.message, "refusal"));
  }
}
