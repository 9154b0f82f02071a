// Takes the one-time ticket of a sign-in to the door that writes its cookie, or has the cookie removed. A run may draw
// this again before the first has gone out: each is sent once.
const sent = (globalThis.pilotdeskSent ??= new Set());

export default function ({ data }) {
  if (sent.has(data.id)) return;
  sent.add(data.id);
  const how = { method: data.ticket ? "POST" : "DELETE", body: data.ticket || undefined, keepalive: true };
  const again = () => sent.delete(data.id); // the line was cut, or the house is busy: the next drawing tries again
  fetch(data.door, how).then((answer) => answer.status >= 500 && again(), again);
}
