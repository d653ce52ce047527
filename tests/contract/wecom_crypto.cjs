/**
 * @wecom/crypto on many envelopes at once. In: {token, key, id, timestamp, nonce, messages, sealed}.
 * Out: its own envelopes of the messages, and what it found in the given ones.
 */

const { decrypt, encrypt, getSignature } = require("@wecom/crypto");

const { token, key, id, timestamp, nonce, messages, sealed } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const sign = (encrypted) => getSignature(token, timestamp, nonce, encrypted);
const made = messages.map((message) => encrypt(key, message, id));
const opened = sealed.map((encrypted) => {
  const found = decrypt(key, encrypted);
  return { message: found.message, id: found.id, signature: sign(encrypted) };
});
console.log(JSON.stringify({ made: made.map((encrypted) => ({ encrypted, signature: sign(encrypted) })), opened }));
