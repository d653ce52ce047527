/** The one WebSocket: JSON objects with a "type", reconnecting with a growing pause. */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/**
 * @param {{hello: () => object, receive: (message: object) => void,
 *   state: (online: boolean, retryInSeconds: number) => void}} hooks
 *   `hello` is asked on every (re)connection for the greeting to send.
 */
export function connect(hooks) {
  let socket = null;
  let pause = FIRST_PAUSE_MS;
  let timer = 0;
  let countdown = 0;

  function open() {
    clearTimeout(timer);
    clearInterval(countdown);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const mine = new WebSocket(`${scheme}://${location.host}/ws`);
    socket = mine;
    mine.addEventListener("open", () => {
      pause = FIRST_PAUSE_MS;
      mine.send(JSON.stringify(hooks.hello()));
      hooks.state(true, 0);
    });
    mine.addEventListener("message", (event) => {
      const message = parse(event.data);
      if (message && mine === socket) hooks.receive(message);
    });
    mine.addEventListener("close", () => { if (mine === socket) retry(); });
  }

  function retry() {
    socket = null;
    const until = Date.now() + pause;
    const tell = () => hooks.state(false, Math.max(1, Math.ceil((until - Date.now()) / 1000)));
    tell();
    countdown = setInterval(tell, 1000);
    timer = setTimeout(open, pause);
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2 * (0.85 + Math.random() * 0.3));
  }

  /** Sends now, or answers false when there is no connection. */
  function send(message) {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(message));
    return true;
  }

  function retryNow() {
    if (!socket) open();
  }

  open();
  window.addEventListener("online", retryNow);
  return { send, retryNow };
}

function parse(data) {
  try {
    const value = JSON.parse(data);
    return value && typeof value.type === "string" ? value : null;
  } catch {
    return null;
  }
}
