// A table opens the line that is clicked. Whoever comes by the keyboard has its first cell chosen as soon as the table is
// reached, and another one with each arrow: so there nothing opens before Enter.
const SENT_MS = 400; // Streamlit 1.67 tells the server of a chosen cell after 150 ms; what opens it must come later

const watched = new WeakSet();

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  if (watched.has(parentElement)) return;
  watched.add(parentElement);
  const [table] = data;
  let lastByKey = false;
  let byKeyboard = false;

  const inside = (event) =>
    event.target.closest?.(`.st-key-${table} :is([data-testid="data-grid-canvas"], .dvn-scroller)`);
  const onFocus = (event) => {
    if (byKeyboard || !lastByKey || !inside(event)) return;
    byKeyboard = true;
    setStateValue("by_keyboard", true);
  };
  const onKey = (event) => {
    lastByKey = true;
    if (event.key !== "Enter" || !inside(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // else the cell's text opens, to be read
    setTimeout(() => setTriggerValue("entered", Date.now()), SENT_MS);
  };
  const onPointer = (event) => {
    lastByKey = false;
    if (!byKeyboard || !inside(event)) return;
    byKeyboard = false;
    setTimeout(() => setStateValue("by_keyboard", false), SENT_MS);
  };
  const listeners = { focusin: onFocus, keydown: onKey, pointerdown: onPointer };
  for (const [name, listener] of Object.entries(listeners)) document.addEventListener(name, listener, true);
  return () => {
    watched.delete(parentElement);
    for (const [name, listener] of Object.entries(listeners)) document.removeEventListener(name, listener, true);
  };
}
