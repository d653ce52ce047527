"""Where in the platforms' consoles each value is found."""

from __future__ import annotations

from typing import Final

WECOM_CONSOLE: Final = "企业微信管理后台 work.weixin.qq.com"
DINGTALK_CONSOLE: Final = "钉钉开发者后台 open-dev.dingtalk.com"
_WECOM_APP: Final = f"{WECOM_CONSOLE} → 应用管理 → 自建 → 选择应用"
_WECOM_BOT: Final = f"{WECOM_CONSOLE} → 安全与管理 → 管理工具 → 智能机器人 → 选择机器人 → API 模式 → 长连接"
_DINGTALK_APP: Final = f"{DINGTALK_CONSOLE} → 应用开发 → 选择应用"

WECOM_PLACES: Final = {
    "corp_id": f"{WECOM_CONSOLE} → 我的企业 → 企业信息 → 企业ID",
    "agent_id": f"{_WECOM_APP} → AgentId",
    "secret": f"{_WECOM_APP} → Secret（查看后在手机上接收）",
    "token": f"{_WECOM_APP} → 接收消息 → 设置API接收 → Token",
    "encoding_aes_key": f"{_WECOM_APP} → 接收消息 → 设置API接收 → EncodingAESKey",
}
WECOM_BOT_PLACES: Final = {"bot_id": f"{_WECOM_BOT} → Bot ID", "secret": f"{_WECOM_BOT} → Secret"}
DINGTALK_PLACES: Final = {
    "client_id": f"{_DINGTALK_APP} → 凭证与基础信息 → Client ID（原 AppKey）",
    "client_secret": f"{_DINGTALK_APP} → 凭证与基础信息 → Client Secret（原 AppSecret）",
    "robot_code": f"{_DINGTALK_APP} → 机器人 → RobotCode（企业内部应用就是 Client ID，可不填）",
    "card_template_id": "钉钉卡片平台 open-dev.dingtalk.com/fe/card → 导入模板并发布 → 模板 ID",
    "token": f"{_DINGTALK_APP} → 事件与回调 → HTTP 推送 → 签名 token",
    "aes_key": f"{_DINGTALK_APP} → 事件与回调 → HTTP 推送 → 加密 aes_key",
    "card_secret": "自己生成一串至少 32 位的字母和数字，genjin setup dingtalk 会把它登记给卡片回调",
}
