// What was said, oldest first, with the words that the model went by marked.
// The text came from other people: it goes into the page through textContent, never as markup.

const MOST_LETTERS = 40; // of marked words in the line below a message; whole questions are marked too

export default function ({ parentElement, data }) {
  const list = parentElement.querySelector(".turns");
  const box = parentElement.querySelector(".conversation");
  // The newest are in sight; with earlier ones above them, what was in sight stays there.
  const below = list.children.length ? box.scrollHeight - box.scrollTop : 0;
  list.replaceChildren(...data.turns.map(draw));
  box.scrollTop = box.scrollHeight - below;
}

function draw(turn) {
  const item = part("li", turn.inbound ? "turn lead" : "turn team");
  const head = part("p", "head");
  head.append(part("span", "name", turn.who), part("span", "kind", turn.kind), part("span", "at", turn.at));
  item.append(head);
  if (turn.subject) item.append(part("p", "subject", turn.subject));
  if (turn.segments.length) item.append(body(turn.segments));
  const read = readAs(turn.segments);
  if (read) item.append(part("p", "read", read));
  return item;
}

function body(segments) {
  const text = part("p", "text");
  for (const segment of segments) {
    if (!segment.signal) {
      text.append(document.createTextNode(segment.text));
      continue;
    }
    text.append(part("mark", "", segment.text));
  }
  return text;
}

// What the marked words were read as: seen without a mouse, and read out.
function readAs(segments) {
  const told = new Map(); // signal -> its words
  for (const { signal, text } of segments) {
    if (signal) told.set(signal, (told.get(signal) ?? new Set()).add(`“${brief(text)}”`));
  }
  const lines = [...told].map(([signal, words]) => `${signal} ${[...words].join(", ")}`);
  return lines.length ? `Read as ${lines.join("; ")}` : "";
}

function brief(text) {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MOST_LETTERS ? line : `${line.slice(0, MOST_LETTERS).trimEnd()}…`;
}

function part(kind, name, text = "") {
  const element = document.createElement(kind);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}
