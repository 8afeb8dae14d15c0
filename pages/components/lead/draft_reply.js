// A draft to edit and to copy. The text is only ever a value, never markup.
export default function ({ parentElement, data }) {
  const box = parentElement.querySelector("textarea");
  const button = parentElement.querySelector("button");
  const told = parentElement.querySelector("[role=status]");
  if (box.dataset.draft !== data.text) {
    box.dataset.draft = data.text;
    box.value = data.text;
  }
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(box.value);
    } catch {
      box.select();
      document.execCommand("copy"); // where the page is served without TLS
    }
    told.textContent = "Copied";
    setTimeout(() => (told.textContent = ""), 2000);
  };
  button.addEventListener("click", copy);
  return () => button.removeEventListener("click", copy);
}
