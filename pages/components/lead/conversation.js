// What was said, oldest first, with the words that the model went by marked.
// The text came from other people: it goes into the page through textContent, never as markup.

export default function ({ parentElement, data }) {
  const list = parentElement.querySelector(".turns");
  list.replaceChildren(...data.turns.map(draw));
  const box = parentElement.querySelector(".conversation");
  box.scrollTop = box.scrollHeight;
}

function draw(turn) {
  const item = part("li", turn.inbound ? "turn lead" : "turn team");
  const head = part("p", "head");
  head.append(part("span", "name", turn.who), part("span", "kind", turn.kind), part("span", "at", turn.at));
  item.append(head);
  if (turn.subject) item.append(part("p", "subject", turn.subject));
  if (turn.segments.length) item.append(body(turn.segments));
  return item;
}

function body(segments) {
  const text = part("p", "text");
  for (const segment of segments) {
    if (!segment.signal) {
      text.append(document.createTextNode(segment.text));
      continue;
    }
    const mark = part("mark", "", segment.text);
    mark.title = segment.signal;
    text.append(mark);
  }
  return text;
}

function part(kind, name, text = "") {
  const element = document.createElement(kind);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}
