// One film and its review. Everything is here until it is sent: keys do not wait for the page, nothing typed is lost.
// What a page gives is shown as text, never as markup.

const PATIENCE = 20000; // milliseconds until a press that nobody answers may be pressed again
const LETTERS = "qwertyuiop"; // the lines of the rubric by letter

const element = (tag, name, text) => {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
};

const time = (second) => `${Math.floor(second / 60)}:${String(Math.floor(second % 60)).padStart(2, "0")}`;
const at = (words, second) => words.replace("{time}", time(second));

const button = (text, key, name) => {
  const made = element("button", name);
  made.type = "button";
  made.append(element("span", "", text));
  if (key) {
    const hint = element("kbd", "", key);
    hint.setAttribute("aria-hidden", "true");
    made.append(hint);
  }
  return made;
};

class Desk {
  constructor(root, data, send) {
    this.root = root;
    this.data = data;
    this.send = send;
    this.marks = [];
    this.number = 0;
    this.draw();
  }

  draw() {
    const { data } = this;
    const { words } = data;
    const all = element("div", "pd-film-all");
    all.tabIndex = -1;
    all.setAttribute("role", "group");
    all.setAttribute("aria-label", words.film);
    this.all = all;
    all.append(this.left(), this.right());
    this.root.replaceChildren(all);
    this.root.style.setProperty("--lines", data.rubric.length);
    if (data.following) {
      this.ahead = document.createElement("video");
      this.ahead.preload = "auto";
      this.ahead.muted = true;
      this.ahead.src = data.following;
    }
    all.focus({ preventScroll: true });
  }

  left() {
    const { data } = this;
    const { words } = data;
    const side = element("div", "");
    const film = element("video", "");
    Object.assign(film, { controls: true, playsInline: true, preload: "auto", src: data.address });
    film.setAttribute("aria-label", words.film);
    this.film = film;
    const bar = element("div", "pd-film-bar");
    this.playing = button(words.play, "␣");
    this.playing.onclick = () => this.play();
    const back = button("−1 s", "←");
    back.setAttribute("aria-label", words.back);
    back.onclick = () => this.step(-1);
    const on = button("+1 s", "→");
    on.setAttribute("aria-label", words.on);
    on.onclick = () => this.step(1);
    this.slow = button("½×", "S");
    this.slow.setAttribute("aria-label", words.slow);
    this.slow.setAttribute("aria-pressed", "false");
    this.slow.onclick = () => this.half();
    const mark = button(words.mark, "M");
    mark.onclick = () => this.mark();
    this.clock = element("span", "pd-film-clock", `0:00 / ${words.length}`);
    bar.append(this.playing, back, on, this.slow, mark, this.clock);
    film.ontimeupdate = () => (this.clock.textContent = `${time(film.currentTime)} / ${words.length}`);
    film.onplay = film.onpause = () => (this.playing.firstChild.textContent = film.paused ? words.play : words.pause);
    film.onerror = () => this.say(words.no_film);
    this.list = element("ol", "pd-film-marks");
    this.list.setAttribute("role", "list");
    this.list.setAttribute("aria-label", words.marks);
    side.append(film, bar, this.list, element("p", "pd-film-soft pd-film-keys", words.keys));
    return side;
  }

  right() {
    const { data } = this;
    const { words } = data;
    const side = element("div", "");
    if (data.what) side.append(element("span", "pd-film-label", words.asked), element("p", "pd-film-soft", data.what));
    if (data.last) side.append(element("p", "pd-film-soft", data.last));
    this.ticks = data.rubric.map((line, n) => {
      const tick = element("label", "pd-film-tick");
      const box = element("input", "");
      box.type = "checkbox";
      const letter = element("kbd", "", (LETTERS[n] ?? "").toUpperCase());
      letter.setAttribute("aria-hidden", "true");
      tick.append(box, element("span", "", line), ...(LETTERS[n] ? [letter] : []));
      return tick;
    });
    if (this.ticks.length) side.append(this.group(words.rubric, this.ticks));
    const verdicts = element("div", "pd-film-verdicts");
    this.verdicts = data.verdicts.map((one, n) => {
      const choice = element("label", "pd-film-verdict");
      const radio = element("input", "");
      Object.assign(radio, { type: "radio", name: `verdict_${data.id}`, value: one.key });
      const hint = element("kbd", "", String(n + 1));
      hint.setAttribute("aria-hidden", "true");
      choice.append(radio, element("span", "", one.name), hint);
      verdicts.append(choice);
      return radio;
    });
    side.append(this.group(words.verdict, [verdicts]));
    if (data.modules.length) side.append(this.modules());
    const label = element("label", "pd-film-label", words.sentence);
    this.sentence = element("textarea", "");
    this.sentence.maxLength = data.most.sentence;
    this.sentence.id = label.htmlFor = `pd-sentence-${data.id}`;
    this.problem = element("p", "pd-film-problem");
    this.problem.setAttribute("role", "alert");
    const bar = element("div", "pd-film-bar");
    this.save = button(words.save, "Ctrl ↵", "pd-film-send");
    this.save.onclick = () => this.sent();
    bar.append(this.save);
    if (words.skip) {
      const later = button(words.skip, "");
      later.onclick = () => this.send("skipped", data.id);
      bar.append(later);
    }
    side.append(label, this.sentence, this.problem, bar);
    this.say(data.problem);
    return side;
  }

  group(name, inside) {
    const made = element("fieldset", "");
    made.append(element("legend", "", name), ...inside);
    return made;
  }

  modules() {
    const { data } = this;
    const pick = element("select", "");
    pick.setAttribute("aria-label", data.words.module);
    pick.append(new Option(data.words.module, ""));
    for (const one of data.modules) pick.append(new Option(one.short, one.words));
    pick.onchange = () => {
      if (!pick.value) return;
      const held = this.sentence.value.trim();
      this.sentence.value = (held ? `${held} ${pick.value}` : pick.value).slice(0, data.most.sentence);
      pick.value = "";
      this.sentence.focus();
    };
    return pick;
  }

  // --- acts ---

  play() {
    if (this.film.paused) this.film.play().catch(() => this.say(this.data.words.no_film));
    else this.film.pause();
  }

  step(seconds) {
    const end = Number.isFinite(this.film.duration) ? this.film.duration : this.data.seconds;
    this.film.currentTime = Math.min(Math.max(this.film.currentTime + seconds, 0), end);
  }

  half() {
    const slow = this.film.playbackRate === 1;
    this.film.playbackRate = slow ? 0.5 : 1;
    this.slow.setAttribute("aria-pressed", String(slow));
  }

  mark() {
    if (this.marks.length >= this.data.most.marks) return;
    const { words } = this.data;
    const wasPlaying = !this.film.paused;
    this.film.pause();
    const second = Math.round(this.film.currentTime * 10) / 10;
    const line = element("li", "");
    const go = button(time(second), "");
    go.setAttribute("aria-label", at(words.go, second));
    go.onclick = () => (this.film.currentTime = second);
    const word = element("input", "");
    Object.assign(word, { type: "text", maxLength: this.data.most.mark });
    word.setAttribute("aria-label", at(words.word, second));
    const away = button("×", "");
    away.setAttribute("aria-label", at(words.remove, second));
    const mark = { second, word, line };
    const drop = () => {
      this.marks = this.marks.filter((one) => one !== mark);
      line.remove();
      this.all.focus({ preventScroll: true });
    };
    away.onclick = drop;
    word.onkeydown = (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      if (!word.value.trim()) drop();
      else this.all.focus({ preventScroll: true });
      if (wasPlaying) this.play();
    };
    line.append(go, word, away);
    this.marks.push(mark);
    this.marks.sort((a, b) => a.second - b.second);
    this.list.replaceChildren(...this.marks.map((one) => one.line));
    word.focus();
  }

  tick(n) {
    const box = this.ticks[n].firstChild;
    box.checked = !box.checked;
  }

  choose(n) {
    this.verdicts[n].checked = true;
    this.say("");
    this.sentence.focus();
  }

  say(text) {
    this.problem.textContent = text || "";
  }

  sent() {
    const { words } = this.data;
    if (this.save.disabled) return;
    const chosen = this.verdicts.find((one) => one.checked);
    const blank = this.marks.find((one) => !one.word.value.trim());
    if (!chosen) return this.refuse(words.no_verdict, this.verdicts[0]);
    if (!this.sentence.value.trim()) return this.refuse(words.no_sentence, this.sentence);
    if (blank) return this.refuse(words.no_word, blank.word);
    this.say("");
    this.hold(true);
    setTimeout(() => {
      if (!this.save.disabled || !this.root.isConnected) return;
      this.hold(false);
      this.say(words.slow_line);
    }, PATIENCE);
    this.number += 1;
    this.send("saved", {
      id: this.data.id,
      number: this.number,
      verdict: chosen.value,
      sentence: this.sentence.value,
      rubric: this.ticks.flatMap((tick, n) => (tick.firstChild.checked ? [n + 1] : [])),
      marks: this.marks.map((one) => [one.second, one.word.value.trim()]),
    });
  }

  refuse(text, where) {
    this.say(text);
    where.focus();
  }

  hold(on) {
    this.save.disabled = on;
    this.save.firstChild.textContent = on ? this.data.words.saving : this.data.words.save;
  }

  // The same film again: the page has answered. What was typed stays.
  again(data) {
    this.data = { ...data, words: data.words };
    this.hold(false);
    this.say(data.problem);
  }

  key(event) {
    if (event.isComposing || event.altKey || event.defaultPrevented) return;
    const where = event.target;
    const here = this.root.contains(where);
    const idle = where === document.body || where === document.documentElement || where.matches?.("[data-testid=stMain]");
    if (!here && !idle) return;
    const typing = where.matches?.("textarea, select, input[type=text]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return this.sent();
    }
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && typing) {
      event.preventDefault();
      return this.all.focus({ preventScroll: true });
    }
    if (typing) return;
    const pressed = where.matches?.("button, input");
    const letter = LETTERS.indexOf(event.key.toLowerCase());
    const act =
      event.key === " " && !pressed ? () => this.play()
      : event.key === "ArrowLeft" && where.type !== "radio" ? () => this.step(-1)
      : event.key === "ArrowRight" && where.type !== "radio" ? () => this.step(1)
      : event.key.toLowerCase() === "m" ? () => this.mark()
      : event.key.toLowerCase() === "s" ? () => this.half()
      : "123".includes(event.key) && event.key.length === 1 ? () => this.choose(Number(event.key) - 1)
      : event.key === "Enter" && where.tagName !== "BUTTON" ? () => this.sent()
      : letter >= 0 && letter < this.ticks.length ? () => this.tick(letter)
      : null;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".pd-film");
  if (!root) return;
  const send = (name, value) => setTriggerValue(name, value);
  if (root.desk && root.desk.data.id === data.id) {
    root.desk.send = send;
    const said = JSON.stringify(data);
    if (root.said !== said) root.desk.again(data);
    root.said = said;
  } else {
    root.said = JSON.stringify(data);
    root.desk = new Desk(root, data, send);
  }
  const listen = (event) => root.desk.key(event);
  document.addEventListener("keydown", listen, true);
  return () => document.removeEventListener("keydown", listen, true);
}
