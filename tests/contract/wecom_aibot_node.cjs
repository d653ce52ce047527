/** A bot on @wecom/aibot-node-sdk: answers as the contract test expects. Arguments: address, bot id, secret. */

const { WSClient } = require("@wecom/aibot-node-sdk");

const [wsUrl, botId, secret] = process.argv.slice(2);
const quiet = { debug() {}, info() {}, warn() {}, error: (...words) => console.error(...words) };
const client = new WSClient({ wsUrl, botId, secret, logger: quiet, reconnectInterval: 100 });

const card = (more) => ({
  card_type: "button_interaction",
  main_title: { title: "报价审批" },
  button_list: [{ text: "同意", style: 1, key: "yes" }],
  task_id: "sdk-1",
  ...more,
});

const commands = {
  卡片: (frame) => client.replyTemplateCard(frame, card()),
  推送: (frame) => client.sendMessage(frame.body.from.userid, { msgtype: "markdown", markdown: { content: "推送好了" } }),
  文件: async (frame) => {
    const sent = await client.uploadMedia(Buffer.alloc(600 * 1024, "x"), { type: "file", filename: "报价.pdf" });
    await client.replyMedia(frame, "file", sent.media_id);
  },
};

async function stream(frame) {
  await client.replyStream(frame, `s-${frame.body.msgid}`, "想一想", false);
  await client.replyStream(frame, `s-${frame.body.msgid}`, `收到：${frame.body.text.content}`, true);
}

const reported = (act) => (frame) => Promise.resolve(act(frame)).catch((error) => console.error(error));

client.on("message.text", reported((frame) => (commands[frame.body.text.content] ?? stream)(frame)));
client.on("message.image", reported(async (frame) => {
  const { buffer, filename } = await client.downloadFile(frame.body.image.url, frame.body.image.aeskey);
  await client.replyStream(frame, `s-${frame.body.msgid}`, `${filename} ${buffer.length} 字节`, true);
}));
client.on("event.enter_chat", reported((frame) => client.replyWelcome(frame, { msgtype: "text", text: { content: "你好" } })));
client.on("event.template_card_event", reported((frame) => client.updateTemplateCard(frame, card({ replace_text: "已同意" }))));
client.on("error", (error) => console.error(error));
client.connect();
process.stdin.resume();
process.stdin.on("end", () => { client.disconnect(); process.exit(0); });
