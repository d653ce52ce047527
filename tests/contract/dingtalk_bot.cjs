/**
 * A bot on the node package dingtalk-stream: answers as dingtalk_day expects.
 * Arguments: client id, secret, address in place of api.dingtalk.com, address in place of oapi.dingtalk.com.
 */

const { createRequire } = require("module");
const { DWClient, TOPIC_CARD, TOPIC_ROBOT, EventAck } = require("dingtalk-stream");
const axios = createRequire(require.resolve("dingtalk-stream"))("axios");

const [clientId, clientSecret, api, oapi] = process.argv.slice(2);
// The package has its addresses written into it; only its HTTP client can be told another one.
axios.interceptors.request.use((config) => {
  const url = config.url.replace("https://api.dingtalk.com", api).replace("https://oapi.dingtalk.com", oapi);
  return { ...config, url, proxy: false };
});

const client = new DWClient({ clientId, clientSecret });
const buttons = [{ text: "同意", color: "blue", id: "agree", request: true }];

async function call(method, path, data) {
  const headers = { "x-acs-dingtalk-access-token": await client.getAccessToken() };
  return (await axios({ method, url: `https://api.dingtalk.com/v1.0/${path}`, data, headers })).data;
}

const params = (markdown, more) => ({ markdown, sys_full_json_obj: JSON.stringify({ msgButtons: more }) });

function card(message) {
  const group = message.conversationType === "2";
  const space = group ? `IM_GROUP.${message.conversationId}` : `IM_ROBOT.${message.senderStaffId}`;
  return {
    cardTemplateId: "1366a1eb-bc54-4859-ac88-517c56a9acb1.schema",
    outTrackId: `node-${message.msgId}`,
    callbackType: "STREAM",
    cardData: { cardParamMap: params("报价审批", buttons) },
    openSpaceId: `dtv1.card//${space}`,
    ...(group
      ? { imGroupOpenSpaceModel: { supportForward: true }, imGroupOpenDeliverModel: { robotCode: message.robotCode } }
      : { imRobotOpenSpaceModel: { supportForward: true }, imRobotOpenDeliverModel: { spaceType: "IM_ROBOT" } }),
  };
}

async function answer(message) {
  const say = (body) => axios.post(message.sessionWebhook, body);
  const text = (content) => say({ msgtype: "text", text: { content } });
  if (message.msgtype === "picture") {
    const wanted = { robotCode: message.robotCode, downloadCode: message.content.downloadCode };
    const { downloadUrl } = await call("POST", "robot/messageFiles/download", wanted);
    const found = await axios.get(downloadUrl, { responseType: "arraybuffer" });
    return text(`${found.data.length} 字节`);
  }
  const words = message.text.content.trim();
  if (words === "卡片") return call("POST", "card/instances/createAndDeliver", card(message));
  if (words === "早报") return say({ msgtype: "markdown", markdown: { title: "早报", text: "**今天**两件事" } });
  return text(`收到：${words}`);
}

async function pressed(press) {
  const [action] = JSON.parse(press.content).cardPrivateData.actionIds;
  const { outTrackId } = press;
  await call("PUT", "card/instances", { outTrackId, cardData: { cardParamMap: params("报价已审批", []) } });
  const shown = { cardParamMap: { tips: `${press.userId} ${action}` } };
  return { cardUpdateOptions: { updateCardDataByKey: true }, cardData: shown };
}

const failed = (error) => console.error(error.message, error.response?.data);
const taken = (frame, response) => client.socketCallBackResponse(frame.headers.messageId, response);

client.registerCallbackListener(TOPIC_ROBOT, (frame) => {
  answer(JSON.parse(frame.data)).then(() => taken(frame, null)).catch(failed);
});
client.registerCallbackListener(TOPIC_CARD, (frame) => {
  pressed(JSON.parse(frame.data)).then((response) => taken(frame, response)).catch(failed);
});
client.registerAllEventListener(() => ({ status: EventAck.SUCCESS }));
client.connect();
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
