"""What mail servers say when they give a mail back, in English and Chinese, as patterns.

Each tuple is one pattern's alternatives. They are only asked of mails that return a Message-ID.
"""

import re


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.I | re.M)


SENDER = _any(
    r"mailer-daemon|post_?master|\bmdaemon\b|bounce",
    r"mail[ -]?delivery|delivery[ -]subsystem|mail administrator",
    "microsoftexchange|系统管理员|邮件系统",
)
SUBJECT = _any(
    "退信|退回|退件",
    "无法(?:投递|送达|发送|递送)|無法(?:傳遞|投遞|送達)",
    "未(?:能)?(?:送达|投递|传递|送達|傳遞)",
    "(?:投递|发送|递送|传递|傳遞)(?:失败|状态|延迟|失敗|狀態)",
    r"undeliver|not delivered|non-?delivery|could ?n.t be delivered",
    r"deliver(?:y|ing)? (?:\w+ )?(?:fail|status|delay|problem|error|report)",
    "return(?:ed|ing) (?:mail|to sender|message)",
    "failure (?:notice|notification)|error sending",
    "mail (?:system )?(?:error|failure|delivery)",
    "message (?:status|delayed|undeliver)|warning: (?:message|could not)",
)
FAILED = _any(
    "退信|退回|无法(?:投递|送达|发送|递送)|無法(?:傳遞|投遞|送達)",
    "未能(?:送达|投递|发送|传递)|(?:投递|发送|递送)失败",
    "拒收|被拒|不存在|已满|超过(?:限制|限额|容量)|停用|冻结",
    "undeliver|(?:not|n.t) (?:be )?(?:able to )?deliver|deliver\\w{0,4} fail|delivery (?:problem|error)",
    "(?:unable to|cannot|could ?not) (?:be )?deliver|return(?:ed)? to sender",
    "failed permanently|permanent (?:error|failure|fatal)|given up|giving up|was aborted",
    "(?:user|mailbox|account|recipient|address|host) (?:is )?(?:unknown|not found)",
    "(?:user|mailbox|account|recipient|address) (?:is )?(?:unavailable|disabled|full)",
    "(?:unknown|no such|invalid) (?:user|recipient|address|mailbox|host)",
    "quota exceeded|over quota|does ?n.t (?:have|exist)|does not exist",
)
DELAYED = _any(
    "(?:投递|发送|递送|传递)(?:被)?延迟|延迟(?:投递|送达|通知)",
    "暂(?:时)?(?:未能|无法|不能)(?:投递|送达)|(?:将|会)(?:自动)?(?:继续|再次)?(?:尝试|重试|重发)",
    "delayed|not yet been delivered|still (?:being )?(?:trying|retried)",
    "will (?:be retried|keep trying|continue|try again|retry)",
    "could not send (?:mail|message) for (?:the )?past|warning message only|do not need to resend",
)
COPY = _any(
    *(
        rf"^[-=_ |>*#]{{0,80}}(?:{phrase})"
        for phrase in (
            "below this line is a copy|included is a copy",
            "(?:this is )?(?:a|the) copy of (?:the|your)",
            "(?:original|returned) message|the header of the original",
            "message text follows|message headers? follow",
            "your (?:original )?message (?:is|was|follows)",
            "(?:unsent|undelivered) message",
            "(?:以下|下面)(?:是|为)(?:您的)?(?:原|邮件原)",
            "原(?:始)?(?:邮件|信件)(?:内容|信息|标题|如下|头)?",
            "(?:return-path|received|message-id):",
        )
    )
)
"""Where the returned mail begins."""
