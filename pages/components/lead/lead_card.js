// Whom to call, and why. A lead's own words go into the page through textContent, never as markup.

export default function ({ parentElement, data }) {
  const card = parentElement.querySelector(".card");
  card.dataset.tier = data.tier ?? "";
  card.replaceChildren(person(data), reasons(data.reasons));
}

function person(data) {
  const side = part("div", "person");
  const head = part("div", "head");
  head.append(part("h1", "name", data.name));
  if (data.tier) head.append(part("span", "tier", data.tier));
  if (data.note) head.append(part("span", "note", data.note));
  const contact = part("ul", "contact");
  contact.append(...data.contact.map(reachable));
  if (!data.contact.length) contact.append(part("li", "note", "No e-mail and no phone is known."));
  const facts = part("dl", "facts");
  for (const [label, value] of data.facts) {
    const pair = part("div", "fact");
    pair.append(part("dt", "", label), part("dd", "", value));
    facts.append(pair);
  }
  side.append(head, contact, facts);
  return side;
}

// Only what is a number or an address from end to end becomes a link, so that nothing else of a lead's stands in it.
// With more digits than a number of the country, or of the world, has it is two numbers.
const NUMBER = /^(?=(?:\D*\d){5,11}\D*$|[+0](?:\D*\d){4,17}\D*$)\+?[\d\s().-]{5,25}$/;
const LINKS = {
  Phone: (value) => (NUMBER.test(value) ? `tel:${value.replace(/[^\d+]/g, "")}` : ""),
  "E-mail": (value) => (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(value) ? `mailto:${value}` : ""),
};

function reachable([label, value]) {
  const item = part("li", "");
  const button = part("button", "copy", "Copy");
  button.type = "button";
  button.setAttribute("aria-label", `Copy ${label}`);
  const address = LINKS[label]?.(value);
  const shown = part(address ? "a" : "span", "value", value);
  if (address) shown.href = address;
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(value);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(shown); // no clipboard without https: select it for the person
      button.textContent = "Selected";
    }
    setTimeout(() => (button.textContent = "Copy"), 1500);
  };
  item.append(part("span", "label", label), shown, button);
  return item;
}

function reasons(sentences) {
  const side = part("div", "reasons");
  if (!sentences.length) return side;
  const list = part("ol", "");
  list.append(...sentences.map((sentence) => part("li", "", sentence)));
  side.append(part("h2", "", "Why"), list);
  return side;
}

function part(kind, name, text = "") {
  const element = document.createElement(kind);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}
