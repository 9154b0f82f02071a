/* The menu at the side, and the page's language. Drawn once; later runs only move the mark of the present page. */
const FOLDED = "pilotdesk.folded";
const NAMED = ["aria-label", "title", "placeholder", "alt"];
const OWN_WORDS = "[data-testid=stSkipToContent]";
const DRAWER = "(max-width: 768px)";

export default function ({ parentElement, data }) {
  const told = JSON.parse(new TextDecoder().decode(data));
  document.documentElement.lang = told.language;
  speak(told.names);
  holdCursor();
  oneStep();
  let nav = parentElement.querySelector("nav");
  const words = JSON.stringify([told.label, told.sections]);
  if (!nav || nav.words !== words) {
    const focused = nav && nav.contains(document.activeElement) && document.activeElement.dataset.url;
    nav?.remove();
    if (told.sections.length) {
      nav = drawn(told);
      nav.words = words;
      parentElement.append(nav);
      if (focused) nav.querySelector(`[data-url="${focused}"]`)?.focus();
    }
  }
  if (told.sections.length) {
    mark(nav, told);
    count(nav, told.counts);
  }
}

/* --- the menu --- */

function made(tag, attributes, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

function icon(name, kind) {
  return made("span", { class: `pd-icon ${kind}`, "aria-hidden": "true", translate: "no" }, name);
}

function drawn(told) {
  const nav = made("nav", { class: "pd-menu", "aria-label": told.label });
  told.sections.forEach((section, n) => {
    const list = made("ul", { id: `pd-menu-${n}` });
    for (const entry of section.entries) {
      const href = new URL(entry.path || ".", document.baseURI).pathname;
      const link = made("a", { href, "data-url": entry.url }, icon(entry.icon, ""), made("span", {}, entry.title));
      link.addEventListener("click", (event) => chosen(event, link));
      list.append(made("li", {}, link));
    }
    if (!section.title) return nav.append(list);
    const fold = made("button", { type: "button", "aria-controls": list.id, "data-section": section.key },
      made("span", {}, section.title), icon("expand_more", "pd-fold"));
    fold.addEventListener("click", () => {
      const open = fold.getAttribute("aria-expanded") !== "true";
      unfold(fold, list, open);
      remember(section.key, open);
    });
    unfold(fold, list, remembered()[section.key] ?? section.open);
    nav.append(fold, list);
  });
  return nav;
}

function unfold(fold, list, open) {
  fold.setAttribute("aria-expanded", String(open));
  list.hidden = !open;
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(FOLDED)) ?? {};
  } catch {
    return {};
  }
}

function remember(section, open) {
  sessionStorage.setItem(FOLDED, JSON.stringify({ ...remembered(), [section]: open }));
}

/* The present page carries the mark, and on arrival its section is open. */
function mark(nav, told) {
  if (nav.here === told.here + told.exact) return;
  const arrived = nav.here !== undefined;
  nav.here = told.here + told.exact;
  for (const link of nav.querySelectorAll("a")) {
    if (link.dataset.url !== told.here) {
      link.removeAttribute("aria-current");
      continue;
    }
    link.setAttribute("aria-current", told.exact ? "page" : "true");
    const list = link.closest("ul"), fold = list.previousElementSibling;
    if (fold?.tagName === "BUTTON" && list.hidden) unfold(fold, list, true);
  }
  if (arrived) whenSettled(focusTitle);
}

/* How many wait behind an entry; in a folded section nobody sees it, and nothing blinks. */
function count(nav, counts) {
  for (const link of nav.querySelectorAll("a")) {
    const told = counts[link.dataset.url];
    let chip = link.querySelector(".pd-count");
    if (!told) {
      chip?.remove();
      continue;
    }
    if (!chip) link.append((chip = made("span", { class: "pd-count" })));
    if (chip.textContent !== told.shown) chip.textContent = told.shown;
    chip.setAttribute("aria-label", told.heard);
    chip.setAttribute("role", "img");
  }
}

/* As the browser's own Back button does it: the session goes on, and the address is a real one. Without a
   connection the link stays what it is, a link. */
function chosen(event, link) {
  const app = document.querySelector("[data-testid=stApp]");
  const connected = app?.dataset.testConnectionState === "CONNECTED";
  if (!connected || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  dispatchEvent(new PopStateEvent("popstate"));
  if (matchMedia(DRAWER).matches) document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
}

/* Once the chosen page stands, reading begins at its title; whoever is already elsewhere in it is left alone. */
function whenSettled(then) {
  const app = document.querySelector("[data-testid=stApp]");
  const watch = new MutationObserver(() => {
    if (app.dataset.testScriptState !== "notRunning") return;
    watch.disconnect();
    then();
  });
  watch.observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
}

function focusTitle() {
  const at = document.activeElement, title = document.querySelector("[data-testid=stMain] h1");
  if (!title || (at !== document.body && !at.closest("nav.pd-menu, [data-testid=stSidebar]"))) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}

/* A field that is closed because the connection went loses the cursor without a blur, and what was typed into it would
   never be sent. So the cursor returns with the connection, for whoever has not put it elsewhere. */
function holdCursor() {
  if (window.pilotdeskCursor) return;
  window.pilotdeskCursor = true;
  let typing = null;
  addEventListener("input", (event) => (typing = event.target), true);
  addEventListener("focusout", (event) => {
    if (event.target === typing && !typing.disabled) typing = null;
  }, true);
  const app = document.querySelector("[data-testid=stApp]");
  new MutationObserver(() => {
    if (app.dataset.testConnectionState !== "CONNECTED" || document.activeElement !== document.body) return;
    if (typing?.isConnected && !typing.disabled) typing.focus({ preventScroll: true });
  }).observe(app, {
    attributes: true, attributeFilter: ["data-test-connection-state", "data-test-script-state"],
  });
}

/* st.switch_page writes the new address in two steps, first what follows the "?", then the page, and each would be an entry
   of the browser's history. The second one of the same run takes the place of the first: Back leads to where one was. */
function oneStep() {
  if (window.pilotdeskStep) return;
  window.pilotdeskStep = true;
  const app = document.querySelector("[data-testid=stApp]"), push = history.pushState.bind(history);
  let half = "";
  history.pushState = (state, title, url) => {
    const to = new URL(url ?? "", document.baseURI), same = to.search === location.search;
    const second = half === location.href && same && to.pathname !== location.pathname;
    half = !same && to.pathname === location.pathname && app.dataset.testScriptState === "running" ? to.href : "";
    return second ? history.replaceState(state, title, url) : push(state, title, url);
  };
  new MutationObserver(() => {
    if (app.dataset.testScriptState === "notRunning") half = "";
  }).observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
}

/* --- Streamlit's own words --- */

function speak(names) {
  const key = JSON.stringify(names);
  if (window.pilotdeskNames?.key === key) return;
  window.pilotdeskNames?.watch.disconnect();
  const back = Object.fromEntries(Object.entries(window.pilotdeskNames?.names ?? {}).map(([a, b]) => [b, a]));
  const word = (said) => names[back[said] ?? said] ?? back[said];
  const name = (element) => {
    for (const attribute of NAMED) {
      const said = element.getAttribute(attribute), better = said && word(said);
      if (better && better !== said) element.setAttribute(attribute, better);
    }
    if (element.matches(OWN_WORDS)) {
      const better = word(element.textContent);
      if (better && better !== element.textContent) element.textContent = better;
    }
  };
  const all = (root) => {
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    name(root);
    root.querySelectorAll(`[${NAMED.join("],[")}],${OWN_WORDS}`).forEach(name);
  };
  const watch = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") name(change.target);
      else change.addedNodes.forEach(all);
    }
  });
  watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: NAMED });
  window.pilotdeskNames = { key, names, watch };
  all(document.body);
}
