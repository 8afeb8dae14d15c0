// Try a change. The server sends the model's answer at every stop of every control, so dragging needs no round trip;
// letting go sends the value, and the answers come back for all further changes.

const FIRST_SHOWN = 8;
const FULL_BAR_POINTS = 10;
const ANSWER_WITHIN_MS = 3_000;

const panels = new WeakMap();

export default function (component) {
  const { parentElement, setStateValue } = component;
  const [data] = component.data;
  let panel = panels.get(parentElement);
  if (!panel) {
    panel = new Panel(parentElement);
    panels.set(parentElement, panel);
  }
  panel.send = (changes) => setStateValue("changes", changes);
  panel.update(data);
  return () => panels.delete(parentElement);
}

class Panel {
  constructor(root) {
    this.result = root.querySelector(".result");
    this.moved = root.querySelector(".moved");
    this.controls = root.querySelector(".controls");
    this.rows = new Map(); // feature -> its control, in the order of the first answer
    this.all = false;
    this.changes = null; // as they were sent last; an answer to earlier ones is passed over
    this.sentAt = 0;
    this.heading = root.querySelector(".heading");
    this.more = button(() => this.showAll(!this.all));
    this.back = button(() => this.reset(), "Reset");
    const buttons = part("div", "buttons");
    buttons.append(this.back, this.more);
    this.controls.after(buttons);
  }

  update(data) {
    const answersLast = !this.changes || JSON.stringify(data.changes) === JSON.stringify(this.changes);
    if (!answersLast && Date.now() - this.sentAt < ANSWER_WITHIN_MS) return;
    this.data = data;
    this.changes = data.changes;
    for (const control of data.controls) {
      const row = this.rows.get(control.name) ?? this.addRow(control.name);
      if (row.held && row.control.values.length !== control.values.length) continue; // its stops are under the finger
      row.control = control;
      if (!row.held) this.place(row, control.at);
    }
    this.showAll(this.all);
    if (![...this.rows.values()].some((row) => row.held)) this.show(data.changed);
  }

  addRow(name) {
    const row = { box: part("label", "control"), label: part("span", "label"), words: part("span", "words") };
    row.slider = document.createElement("input");
    row.slider.type = "range";
    row.slider.min = row.slider.step = "1";
    row.mark = part("span", "mark");
    const track = part("span", "track");
    track.append(row.slider, row.mark);
    row.box.append(row.label, row.words, track);
    row.slider.oninput = () => {
      row.held = true;
      const stop = Number(row.slider.value);
      this.say(row, stop);
      this.show(row.control.outcomes[stop]);
    };
    row.slider.onchange = () => {
      row.held = false;
      this.change(row.control, Number(row.slider.value));
    };
    this.rows.set(name, row);
    this.controls.append(row.box);
    return row;
  }

  place(row, stop) {
    const { control, slider } = row;
    slider.min = "0";
    slider.max = String(control.values.length - 1);
    slider.value = String(stop);
    row.label.textContent = control.label;
    row.box.classList.toggle("wordy", control.words.some((words) => words.length > 14));
    slider.setAttribute("aria-label", control.label);
    row.mark.style.setProperty("--at", control.present / (control.values.length - 1));
    this.say(row, stop);
  }

  say(row, stop) {
    const { control, slider } = row;
    const words = control.words[stop];
    row.words.textContent = words;
    row.box.title = `Now: ${control.words[control.present]}`;
    slider.style.setProperty("--at", stop / (control.values.length - 1));
    row.box.classList.toggle("changed", stop !== control.present);
    slider.setAttribute("aria-valuetext", words);
  }

  change(control, stop) {
    const changes = { ...this.changes };
    if (stop === control.present) delete changes[control.name];
    else changes[control.name] = control.values[stop] < 0 ? null : control.values[stop];
    this.tell(changes);
  }

  tell(changes) {
    this.changes = changes;
    this.sentAt = Date.now();
    this.send(changes);
  }

  reset() {
    for (const row of this.rows.values()) this.place(row, row.control.present);
    this.show(this.data.present);
    this.tell({});
  }

  showAll(all) {
    this.all = all;
    const rows = [...this.rows.values()];
    rows.forEach((row, place) => {
      const changed = row.box.classList.contains("changed");
      row.box.hidden = !all && place >= FIRST_SHOWN && !changed;
    });
    this.more.hidden = rows.length <= FIRST_SHOWN;
    this.more.textContent = all ? `Show the ${FIRST_SHOWN} that move it most` : `Show all ${rows.length}`;
  }

  show(outcome) {
    const { present } = this.data;
    this.result.replaceChildren(
      figure("Score", Math.round(present.score), Math.round(outcome.score)),
      figure("Tier", present.tier, outcome.tier, outcome.tier),
      figure("Confidence", present.confidence, outcome.confidence),
      figure("Expected commission", present.expected, outcome.expected),
    );
    const moved = outcome.moved?.length > 0;
    this.heading.textContent = moved ? "What this moves, in points" : "What counts most now, in points";
    this.moved.replaceChildren(...(moved ? outcome.moved : present.strongest).map(bar));
    this.back.disabled = ![...this.rows.values()].some((row) => row.box.classList.contains("changed"));
  }
}

function button(onclick, text = "") {
  const made = part("button", "", text);
  made.type = "button";
  made.onclick = onclick;
  return made;
}

function figure(label, before, after, tier = "") {
  const box = part("div", "figure");
  const value = part("span", "value");
  if (tier) value.dataset.tier = tier;
  value.append(part("span", "before", String(before)));
  if (after !== before) value.append(part("span", "arrow", "→"), part("span", "after", String(after)));
  box.append(part("span", "label", label), value);
  return box;
}

function bar([label, points]) {
  const item = part("li", points > 0 ? "up" : "down");
  const track = part("span", "bar");
  track.style.setProperty("--size", Math.min(1, Math.abs(points) / FULL_BAR_POINTS));
  item.append(part("span", "label", label), track, part("span", "points", `${points > 0 ? "+" : "−"}${Math.abs(points).toFixed(1)}`));
  return item;
}

function part(kind, name, text = "") {
  const element = document.createElement(kind);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}
