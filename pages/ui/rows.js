// One list for every staff page: rows that open whole, by a tap or by Enter; one stop of the tab key, arrows inside.
// What a page gives is shown as text, never as markup.

const SHAPES = { now: "●", late: "▲", hush: "◆", none: "○", done: "✓" };
const PATIENCE = 15000; // milliseconds until a page that does not come is given up

const element = (tag, name, text) => {
  const made = document.createElement(tag);
  made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
};

const cell = (content, title, position) => {
  const tone = typeof content === "object" ? content.tone : null;
  const word = tone ? content.word : content;
  const made = element("span", "pd-cell" + (tone ? " pd-state" : "") + (word ? "" : " pd-none"));
  made.style.setProperty("--at", position + 1);
  if (!word) return made;
  // The title of a column stands above it for eyes; ears hear it before each cell.
  if (position) made.append(element("span", "pd-ear", `${title} `));
  if (tone) {
    const chip = element("span", `pd-chip pd-tone-${tone}`);
    const shape = element("span", "pd-shape", SHAPES[tone]);
    shape.setAttribute("aria-hidden", "true");
    chip.append(shape, element("span", "", word));
    made.append(chip);
  } else {
    made.append(element("span", "pd-text", word));
  }
  return made;
};

const row = (line, data, stop) => {
  const item = element("li", "pd-item");
  const button = element("button", "pd-row");
  button.type = "button";
  button.dataset.id = line.id;
  button.tabIndex = stop ? 0 : -1;
  const others = element("span", "pd-others");
  line.cells.forEach((content, position) => {
    const made = cell(content, data.columns[position].title, position);
    (position === 0 || made.classList.contains("pd-state") ? button : others).append(made);
    if (content && position) made.prepend(element("span", "pd-ear", ", "));
  });
  button.append(others);
  if (line.second) button.append(element("span", "pd-second", line.second));
  item.append(button);
  return item;
};

const draw = (root, data) => {
  const held = root.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const wanted = data.lines.some((line) => line.id === held) ? held : data.lines[0]?.id;
  root.style.setProperty("--columns", data.columns.map((one) => `minmax(0, ${one.share}fr)`).join(" "));
  const head = element("div", "pd-head");
  head.setAttribute("aria-hidden", "true");
  for (const column of data.columns) head.append(element("span", "", column.title));
  const list = element("ul", "pd-list");
  list.setAttribute("role", "list"); // Safari forgets that a list without bullets is one
  list.setAttribute("aria-label", data.name);
  list.append(...data.lines.map((line) => row(line, data, line.id === wanted)));
  root.replaceChildren(head, list);
  if (held) find(root, wanted)?.focus({ preventScroll: true });
};

const find = (root, id) => [...root.querySelectorAll(".pd-row")].find((one) => one.dataset.id === id);

const move = (root, event) => {
  const rows = [...root.querySelectorAll(".pd-row")];
  const at = rows.indexOf(event.target.closest(".pd-row"));
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: rows.length - 1 };
  if (at < 0 || !(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  focus(rows, rows[Math.min(Math.max(steps[event.key], 0), rows.length - 1)]);
};

const focus = (rows, chosen) => {
  for (const one of rows) one.tabIndex = one === chosen ? 0 : -1;
  chosen.focus();
};

const settled = () =>
  document.querySelector("[data-testid=stApp]")?.getAttribute("data-test-script-state") === "notRunning";

const idle = () => !document.activeElement || document.activeElement === document.body;

// Back from what lay open, whoever works by keyboard goes on at its row. The button that led here goes only when the
// page is whole, and the row is focused after it.
const resume = (root, id) => {
  const until = performance.now() + PATIENCE;
  const look = () => {
    if (!settled()) {
      if (performance.now() < until) setTimeout(look, 40);
      return;
    }
    const back = idle() && root.isConnected ? find(root, id) : null;
    if (back) focus([...root.querySelectorAll(".pd-row")], back);
  };
  setTimeout(look, 40);
};

// After a row has opened, whoever works by keyboard goes on at the heading of what opened, not at the top of the page.
const follow = (root) => {
  const until = performance.now() + PATIENCE;
  const look = () => {
    if (root.isConnected || !settled()) {
      if (performance.now() < until) setTimeout(look, 40);
      return;
    }
    const main = document.querySelector("[data-testid=stMain]");
    const heading = main?.querySelector(".st-key-opened :is(h1, h2, h3)") ?? main?.querySelector("h1");
    if (!idle() || !heading) return;
    heading.tabIndex = -1;
    heading.style.outline = "none"; // a place to read on from, nothing to press
    heading.focus({ preventScroll: true });
  };
  setTimeout(look, 40);
};

// A page that was left for somebody's file keeps her number in its address, and Back comes here with it: a list opens
// nobody, so the number goes, without a step of its own in the browser's history.
const forget = () => {
  const here = new URL(location.href);
  if (!here.searchParams.has("id")) return;
  here.searchParams.delete("id");
  history.replaceState(history.state, "", here);
};

const connected = () =>
  document.querySelector("[data-testid=stApp]")?.getAttribute("data-test-connection-state") === "CONNECTED";

// As the menu goes: to a real address within the session, so that Back is one step.
const go = (address) => {
  history.pushState(null, "", new URL(address, document.baseURI));
  dispatchEvent(new PopStateEvent("popstate"));
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".pd-rows");
  if (!root) return;
  if (!root.said) forget();
  const said = JSON.stringify(data);
  if (root.said !== said) {
    root.said = said;
    draw(root, data);
    root.opening = "";
    if (data.back) resume(root, data.back);
  }
  root.onkeydown = (event) => move(root, event);
  root.onclick = (event) => {
    const pressed = event.target.closest(".pd-row");
    // Of a double click the first opens; after a second the list listens again, should the page have refused.
    if (!pressed || root.opening === pressed.dataset.id) return;
    root.opening = pressed.dataset.id;
    setTimeout(() => (root.opening = ""), 1000);
    focus([...root.querySelectorAll(".pd-row")], pressed);
    if (data.to && connected()) go(data.to + encodeURIComponent(pressed.dataset.id));
    else setTriggerValue("opened", pressed.dataset.id);
    follow(root);
  };
}
