"""Three hundred texts that a careless page would run, as somebody might type them into a roster.

Each says its number, `xssN`, and calls `alert(N)` where it runs.
"""

COUNT = 300
_TEXTS = (
    "<script>alert({n})</script>xss{n}",
    "<img src=x onerror=alert({n})>xss{n}",
    "<svg onload=alert({n})>xss{n}",
    '"><script>alert({n})</script>xss{n}',
    "'><img src=x onerror=alert({n})>xss{n}",
    '" autofocus onfocus=alert({n}) x="xss{n}',
    "' onmouseover=alert({n}) xss{n}='",
    "</textarea><script>alert({n})</script>xss{n}",
    "</title><svg/onload=alert({n})>xss{n}",
    "</script><script>alert({n})</script>xss{n}",
    "--><script>alert({n})</script>xss{n}",
    "]]><script>alert({n})</script>xss{n}",
    "<iframe srcdoc='<script>alert({n})</script>'>xss{n}",
    "<details open ontoggle=alert({n})>xss{n}",
    "<body onload=alert({n})>xss{n}",
    "<input autofocus onfocus=alert({n})>xss{n}",
    "<a href=javascript:alert({n})>xss{n}</a>",
    "javascript:alert({n})//xss{n}",
    "<math href=javascript:alert({n})>xss{n}",
    "<object data=javascript:alert({n})>xss{n}",
    "<embed src=javascript:alert({n})>xss{n}",
    "<video><source onerror=alert({n})>xss{n}",
    "<style onload=alert({n})>xss{n}</style>",
    "<meta http-equiv=refresh content='0;javascript:alert({n})'>xss{n}",
    "<base href=javascript:alert({n})//>xss{n}",
    "<form action=javascript:alert({n})><button>xss{n}",
    "<div hx-on:load=alert({n}) hx-trigger=load hx-get=/>xss{n}",
    '<div hx-on::load="alert({n})">xss{n}',
    "<p hx-vals='js:{{x:alert({n})}}' hx-get=/ hx-trigger=load>xss{n}",
    "<sCrIpT>alert({n})</ScRiPt>xss{n}",
    "<script/x>alert({n})</script>xss{n}",
    "<svg><script>alert&#40;{n}&#41;</script>xss{n}",
    "<svg><animate onbegin=alert({n}) attributeName=x>xss{n}",
    "<marquee onstart=alert({n})>xss{n}",
    "&lt;script&gt;alert({n})&lt;/script&gt;xss{n}",
    "&#60;img src=x onerror=alert({n})&#62;xss{n}",
    "%3Cscript%3Ealert({n})%3C/script%3Exss{n}",
    "\\u003cscript\\u003ealert({n})\\u003c/script\\u003exss{n}",
    "＜script＞alert({n})＜/script＞xss{n}",
    "{{{{constructor.constructor('alert({n})')()}}}}xss{n}",
    "{{% include 'x' %}}<b onclick=alert({n})>xss{n}",
    "${{alert({n})}}xss{n}",
    "`-alert({n})-`xss{n}",
    "';alert({n})//xss{n}",
    '";alert({n})//xss{n}',
    "\\';alert({n})//xss{n}",
    "<noscript><p title='</noscript><img src=x onerror=alert({n})>'>xss{n}",
    "<template><script>alert({n})</script></template>xss{n}",
    "<x contenteditable onblur=alert({n})>xss{n}",
    "<link rel=stylesheet href=javascript:alert({n})>xss{n}",
)
_AROUND = ("{}", "张三{}", " {}", "{}（备注）", "\u200b{}", "侯{}")


def payloads() -> list[str]:
    """The three hundred, numbered from 0."""
    texts = [around.replace("{}", text) for around in _AROUND for text in _TEXTS]
    return [text.format(n=at) for at, text in enumerate(texts)]
