// The live list: rows that the server pushes over our own WebSocket, newest first.
// Everything that a lead wrote goes into the page through textContent, never as markup.

const MOST_ROWS = 100;
const SILENCE_MS = 45_000; // three heartbeats: after that the line counts as dead
const LONGEST_WAIT_MS = 8_000;
const RENEWAL_PAUSE_MS = 60_000;
const REFUSED = new Set([1008, 3000, 4001, 4401, 4403]);

const feeds = new WeakMap();

export default function (component) {
  const { parentElement, setTriggerValue } = component;
  const [data] = component.data;
  let feed = feeds.get(parentElement);
  if (!feed) {
    feed = new LiveFeed(parentElement);
    feeds.set(parentElement, feed);
  }
  feed.onOpen = (leadId) => setTriggerValue("opened", leadId);
  feed.onFirst = () => setTriggerValue("first", Date.now());
  feed.onTokenWanted = () => setTriggerValue("token_wanted", Date.now());
  feed.update(data);
  return () => {
    feeds.delete(parentElement);
    feed.close();
  };
}

class LiveFeed {
  constructor(root) {
    this.list = root.querySelector(".rows");
    this.words = root.querySelector(".words");
    this.state = root.querySelector(".state");
    this.news = root.querySelector(".news");
    this.rows = new Map(); // lead id -> row
    this.lastEventId = null;
    this.waitMs = 500;
    this.renewedAt = 0;
    this.downSince = null;
    this.closed = false;
    this.list.onkeydown = (event) => this.moveFocus(event);
    this.clock = setInterval(() => this.tick(), 15_000);
  }

  update(data) {
    const fresh = data.token !== this.token;
    this.token = data.token;
    this.path = data.path;
    this.feed = data.feed;
    this.empty = data.rows.length === 0;
    this.lastEventId ??= data.last_event_id;
    for (const row of [...data.rows].reverse()) this.place(row);
    if (!this.socket || (fresh && this.socket.readyState > WebSocket.OPEN)) this.connect();
    this.say();
  }

  connect() {
    clearTimeout(this.retry);
    if (this.closed || !this.token) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.path}`);
    this.socket = socket;
    socket.onopen = () => {
      const first = { type: "auth", token: this.token };
      if (this.lastEventId) first.last_event_id = this.lastEventId;
      socket.send(JSON.stringify(first));
      socket.send(JSON.stringify({ type: "subscribe", events: ["lead_scored", "lead_escalated", "lead_erased"] }));
      this.listen();
    };
    socket.onmessage = (message) => this.receive(message.data);
    socket.onclose = (event) => {
      if (this.socket === socket) this.lost(event.code);
    };
  }

  receive(text) {
    this.listen();
    this.waitMs = 500;
    this.downSince = null;
    let event;
    try {
      event = JSON.parse(text);
    } catch {
      return;
    }
    if (event.feed) this.feed = event.feed;
    if (event.event_id) this.lastEventId = event.event_id;
    if (event.event_type === "lead_scored") {
      this.place({
        lead_id: event.lead_id,
        who: event.lead_name || event.lead_id,
        source: event.source || "",
        score: event.ml_score,
        confidence: event.ml_confidence,
        tier: event.classification,
        scored_at: event.timestamp,
      });
      if (this.empty) {
        this.empty = false;
        this.onFirst();
      }
      this.news.textContent = `${event.lead_name || event.lead_id}: ${event.classification}`;
    } else if (event.event_type === "lead_erased") {
      this.rows.get(event.lead_id)?.remove();
      this.rows.delete(event.lead_id);
    }
    this.say();
  }

  lost(code) {
    clearTimeout(this.silence);
    if (this.closed) return;
    this.downSince ??= new Date();
    this.say();
    if (REFUSED.has(code) && Date.now() - this.renewedAt > RENEWAL_PAUSE_MS) {
      this.renewedAt = Date.now();
      this.onTokenWanted();
    }
    this.retry = setTimeout(() => this.connect(), this.waitMs * (0.75 + Math.random() / 2));
    this.waitMs = Math.min(2 * this.waitMs, LONGEST_WAIT_MS);
  }

  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      const socket = this.socket;
      this.lost(1006);
      this.socket = null;
      socket?.close();
    }, SILENCE_MS);
  }

  say() {
    const open = this.socket?.readyState === WebSocket.OPEN && this.downSince === null;
    let [state, words] = ["wait", "Connecting to the live feed"];
    if (this.downSince) {
      [state, words] = ["down", `Live feed down since ${clock(this.downSince)}, showing stored scores`];
    } else if (open && this.feed && !(this.feed.ok && this.feed.source === "redis")) {
      const since = this.feed.since ? ` since ${clock(new Date(this.feed.since))}` : "";
      [state, words] = ["slow", `Live feed is slow${since}: new scores show a few seconds late`];
    } else if (open) {
      [state, words] = ["live", "Live"];
    }
    this.state.dataset.state = state;
    if (this.words.textContent !== words) this.words.textContent = words;
  }

  place(row) {
    const at = Date.parse(row.scored_at);
    const known = this.rows.get(row.lead_id);
    if (known && Number(known.dataset.at) >= at) return;
    const focused = known?.contains(known.getRootNode().activeElement);
    known?.remove();
    const element = draw(row, at, (leadId) => this.onOpen(leadId));
    this.rows.set(row.lead_id, element);
    const older = [...this.list.children].find((other) => Number(other.dataset.at) <= at);
    this.list.insertBefore(element, older ?? null);
    if (focused) element.querySelector("a").focus();
    while (this.list.children.length > MOST_ROWS) {
      this.rows.delete(this.list.lastElementChild.dataset.lead);
      this.list.lastElementChild.remove();
    }
  }

  moveFocus(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const rows = [...this.list.querySelectorAll("a")];
    const place = rows.indexOf(event.target.closest("a"));
    const next = event.key === "Home" ? 0 : event.key === "End" ? rows.length - 1 : place + step;
    if (place < 0 || Number.isNaN(next) || !rows[next]) return;
    event.preventDefault();
    rows[next].focus();
  }

  tick() {
    for (const element of this.list.children) {
      element.querySelector(".age").textContent = age(Number(element.dataset.at));
    }
  }

  close() {
    this.closed = true;
    clearInterval(this.clock);
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    this.socket?.close();
  }
}

function draw(row, at, open) {
  const item = document.createElement("li");
  item.dataset.lead = row.lead_id;
  item.dataset.at = at;
  item.dataset.tier = row.tier;
  const link = document.createElement("a");
  link.href = `lead?id=${encodeURIComponent(row.lead_id)}`;
  const score = Math.max(0, Math.min(100, Number(row.score) || 0));
  const sure = Math.round(100 * (Number(row.confidence) || 0));
  link.setAttribute(
    "aria-label",
    `${row.who}, ${row.tier}, score ${Math.round(score)}, confidence ${sure} %, ${row.source || "no source"}`,
  );
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab or window
    event.preventDefault();
    open(row.lead_id);
  };
  const bar = part("span", "bar");
  const fill = part("span", "fill");
  fill.style.width = `${score}%`;
  bar.append(fill);
  link.append(
    part("span", "score", score.toFixed(0)),
    bar,
    part("span", "tier", row.tier),
    part("span", "who", row.who),
    part("span", "source", row.source || "no source"),
    part("span", "sure", `${sure} % sure`),
    part("span", "age", age(at)),
  );
  item.append(link);
  return item;
}

function part(kind, name, text = "") {
  const element = document.createElement(kind);
  element.className = name;
  element.textContent = text;
  return element;
}

function age(moment) {
  const minutes = Math.max(0, (Date.now() - moment) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${Math.floor(minutes)} min`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 60 / 24)} d`;
}

function clock(moment) {
  return moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}
