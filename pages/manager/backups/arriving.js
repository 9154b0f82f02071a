// A backup from another machine, sent piece by piece: after a cut it goes on where it stopped, in the open page.

const PATIENCE = 40; // tries in a row that fail before it is given up
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const element = (tag, text) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  return made;
};

class Said extends Error {} // a sentence of the house, to be shown as it is

const sending = (data, told) => {
  const { words } = data;
  const headers = () => ({ [data.header]: data.pass, "accept-language": data.language });

  // Answers are either ours (JSON), or a sentence why not; a cut line is tried again.
  const ask = async (method, path, body) => {
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await fetch(data.address + path, { method, body, headers: headers(), credentials: "same-origin" });
        if (answer.ok || answer.status === 409) return await answer.json();
        if ([401, 403, 404, 422].includes(answer.status)) throw new Said(await answer.text());
        if ([400, 413].includes(answer.status)) throw new Said(words.fault);
      } catch (error) {
        if (error instanceof Said) throw error;
      }
      if (tries >= PATIENCE) throw new Said(words.fault);
      told(words.cut);
      await wait(Math.min(500 * tries, 5000));
    }
  };

  return async (file, progress) => {
    const named = new URLSearchParams({ name: file.name, size: file.size });
    const { turn, piece } = await ask("POST", `?${named}`);
    for (let at = 0; at < file.size; ) {
      const slice = file.slice(at, at + piece);
      // Read before it is sent: a file that can no longer be read must not look like a cut line.
      const bytes = await slice.arrayBuffer().catch(() => { throw new Said(words.fault); });
      ({ at } = await ask("PUT", `?${new URLSearchParams({ turn, at })}`, bytes));
      progress(at / file.size);
    }
    await ask("POST", "/complete");
    told(words.checking);
    for (;;) {
      const { state, found } = await ask("GET", "");
      if (state === "there") return found;
      await wait(700);
    }
  };
};

const draw = (root, data) => {
  const label = element("label");
  const input = element("input");
  const bar = element("progress");
  const word = element("p");
  input.type = "file";
  input.accept = ".zip,application/zip";
  // The browser's own words beside a file field are in the browser's language.
  label.append(input, element("span", data.words.choose));
  bar.max = 1;
  bar.hidden = true;
  bar.setAttribute("aria-label", data.words.choose);
  word.setAttribute("role", "status");
  const told = (text, no) => {
    word.textContent = text;
    word.className = no ? "pd-no" : "";
  };
  input.onchange = async () => {
    const [file] = input.files;
    if (!file) return;
    const megabytes = Math.max(1, Math.round(file.size / 1e6)).toLocaleString();
    const progress = (share) => {
      bar.value = share;
      told(root.data.words.coming.replace("%p", Math.floor(share * 100)).replace("%s", megabytes));
    };
    input.disabled = true;
    bar.hidden = false;
    progress(0);
    try {
      root.arrived(await sending(root.data, told)(file, progress));
      told("");
    } catch (error) {
      told(error instanceof Said ? error.message : root.data.words.fault, true);
    }
    bar.hidden = true;
    input.disabled = false;
    input.value = "";
  };
  root.replaceChildren(label, bar, word);
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".pd-arriving");
  if (!root) return;
  // A run of the page in between (another button) must not take a file on its way from under the hand.
  root.data = data;
  root.arrived = (name) => setTriggerValue("arrived", name);
  if (!root.drawn) draw(root, data);
  root.drawn = true;
}
