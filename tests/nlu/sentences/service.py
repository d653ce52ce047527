"""After-sales requests and loyalty points."""

from __future__ import annotations

from tests.nlu.sentences.said import Said, said

SENTENCES: tuple[Said, ...] = (
    said(
        "海岳的录像机坏了，客户报修", "ticket", customer="海岳视讯数字技术股份有限公司", ticket_kind="repair"
    ),
    said("顺达投诉我们送货太慢", "ticket", customer="顺达速运", ticket_kind="complaint"),
    said("恒康咨询发票怎么开", "ticket", customer="恒康医药", ticket_kind="inquiry"),
    said("蓝牛建议增加夜间配送", "ticket", customer="蓝牛乳业", ticket_kind="suggestion"),
    said(
        "报修 美的 空调不制冷 联系人王工 13912345678",
        "ticket",
        customer="美的集团",
        contact="王工",
        contact_title="工",
        phone="13912345678",
        ticket_kind="repair",
    ),
    said("/工单 海岳 设备故障", "ticket", customer="海岳视讯数字技术股份有限公司", ticket_kind="repair"),
    said(
        "客户投诉：安居反映安装师傅态度不好",
        "ticket",
        customer="安居企业股份有限公司",
        ticket_kind="complaint",
    ),
    said("顺达的打印机坏了，要报修", "ticket", customer="顺达速运", ticket_kind="repair"),
    said("恒康那边系统登不上去了", "ticket", customer="恒康医药", ticket_kind="repair"),
    said(
        "帮我建个工单，海岳摄像头黑屏",
        "ticket",
        customer="海岳视讯数字技术股份有限公司",
        ticket_kind="repair",
    ),
    said("有客户咨询怎么开发票", "ticket", ticket_kind="inquiry"),
    said("美的提了个建议，希望增加夜间配送", "ticket", customer="美的集团", ticket_kind="suggestion"),
    said("亿通的设备开不了机，客户很急", "ticket", customer="亿通网络", ticket_kind="repair"),
    said("王总投诉上次安装的师傅迟到", "ticket", contact="王总", contact_title="总", ticket_kind="complaint"),
    said("千帆咨询保修期多长", "ticket", customer="千帆科技", ticket_kind="inquiry"),
    said("伊甸建议我们出小包装", "ticket", customer="伊甸集团", ticket_kind="suggestion"),
    said("售后：大鹏的电池充不进电", "ticket", customer="大鹏创新", ticket_kind="repair"),
    said(
        "客户海岳报修，摄像头不亮了，联系人老刘 13700001234",
        "ticket",
        customer="海岳视讯数字技术股份有限公司",
        contact="老刘",
        phone="13700001234",
        ticket_kind="repair",
    ),
    said("给李娜加200积分", "points", contact="李娜", points=200),
    said("13800138000 兑换500积分", "points", phone="13800138000", points=500),
    said("王芳积分扣100", "points", contact="王芳", points=100),
    said("/积分 13800138000 +200", "points", phone="13800138000", points=200),
    said("给13800138000加100积分", "points", phone="13800138000", points=100),
    said("会员李娜消费了，积分加50", "points", contact="李娜", points=50),
    said("王芳兑换了300积分", "points", contact="王芳", points=300),
    said("扣除张三200积分", "points", contact="张三", points=200),
    said("李娜用500积分换了一个水杯", "points", contact="李娜", points=500),
    said("13800138000积分清零", "points", phone="13800138000", ambiguous=["points"]),
    said("给王芳加积分300", "points", contact="王芳", points=300),
    said("赠送13911112222 100积分", "points", phone="13911112222", points=100),
    said("李娜生日送200积分", "points", contact="李娜", points=200),
    said("会员13800138000扣50积分", "points", phone="13800138000", points=50),
    said("赵敏用800积分换了礼品", "points", contact="赵敏", points=800),
)
