//! Where a real browser differs from `testing::Browser`, with the reasons.

use crate::outcome::Arrived;

/// The known differences of a real browser. Each of them has to occur.
pub(crate) struct Known {
    pub(crate) differences: &'static [Difference],
    pub(crate) quirks: &'static [Quirk],
}

/// Scenarios and cases in which the browser differs.
pub(crate) struct Difference {
    pub(crate) reason: &'static str,
    pub(crate) ids: &'static [&'static str],
}

/// A difference in many scenarios and cases.
pub(crate) struct Quirk {
    pub(crate) reason: &'static str,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    /// Headers that the browser adds to some requests or leaves out.
    Headers {
        of: fn(&Arrived) -> bool,
        names: &'static [&'static str],
    },
    /// Lines of the console in which `Browser` has this text.
    Console(&'static str),
}

const AUTHORIZATION: Difference = Difference {
    reason: "`Access-Control-Allow-Headers: *` covers `Authorization`; in the Fetch standard, \
             it does not",
    ids: &["fetch-cors-preflight-star/33"],
};

const CONTROL_BYTE: Difference = Difference {
    reason: "the request has a header with a control byte; `Browser` leaves the header out, \
             because the `http` crate cannot carry it",
    ids: &["fetch-cors-preflight-not-cors-safelisted/06"],
};

const LAX_REDIRECT: Difference = Difference {
    reason: "a `SameSite=Lax` cookie is sent after a redirect through another site, as in draft 22 \
             of RFC 6265bis; the Fetch standard withholds the cookie",
    ids: &["redirect: a cookie that is Lax, after another site"],
};

const LOCALHOST: Difference = Difference {
    reason: "no `Referer` is sent from https to http; by the Referrer Policy standard, \
             `http://localhost` is trustworthy and gets the origin",
    ids: &["mixed content: localhost from a page of https"],
};

pub(crate) const CHROMIUM: Known = Known {
    differences: &[
        AUTHORIZATION,
        CONTROL_BYTE,
        LAX_REDIRECT,
        LOCALHOST,
        Difference {
            reason: "only the last preflight of a URL is kept; in the Fetch standard, the methods \
                     and headers of all preflights are kept",
            ids: &["max_age: a preflight for each method and header"],
        },
        Difference {
            reason: "the console names the header that the page added first, of several that are \
                     not allowed; `Browser` names the first one by the alphabet",
            ids: &["fetch-cors-preflight/13"],
        },
    ],
    quirks: &[
        Quirk {
            reason: "`Sec-Fetch-Mode` is sent with a preflight to an origin without TLS",
            kind: Kind::Headers {
                of: |request| request.is_preflight() && request.url.starts_with("http://"),
                names: &["sec-fetch-mode"],
            },
        },
        Quirk {
            reason: "a WebSocket handshake has neither `Accept` nor `Sec-Fetch-*`",
            kind: Kind::Headers {
                of: |request| request.header("sec-websocket-version").is_some(),
                names: &[
                    "accept",
                    "sec-fetch-dest",
                    "sec-fetch-mode",
                    "sec-fetch-site",
                ],
            },
        },
        Quirk {
            reason: "the console shows an empty location for a redirect to a URL with a user",
            kind: Kind::Console("contains a username and password"),
        },
    ],
};

pub(crate) const FIREFOX: Known = Known {
    differences: &[
        AUTHORIZATION,
        CONTROL_BYTE,
        LAX_REDIRECT,
        LOCALHOST,
        Difference {
            reason: "a preflight after a redirect through another origin has the origin of the \
                     page, and not `null`",
            ids: &[
                "fetch-cors-cookies-redirect/02",
                "fetch-cors-redirect-preflight/03",
                "fetch-cors-redirect-preflight/05",
                "fetch-cors-redirect-preflight/09",
                "fetch-cors-redirect-preflight/11",
                "fetch-cors-redirect-preflight/15",
                "fetch-cors-redirect-preflight/21",
                "fetch-cors-redirect-preflight/23",
                "fetch-cors-redirect-preflight/27",
                "redirect: to another origin, with a header",
            ],
        },
        Difference {
            reason: "a request that needed a preflight gets another one after a redirect, also if \
                     the method and the headers no longer need one",
            ids: &[
                "fetch-authentication-redirection/03",
                "redirect: 303, PUT",
                "redirect: to another origin drops authorization",
            ],
        },
        Difference {
            reason: "a preflight without a valid `Access-Control-Max-Age` is not kept; in the \
                     Fetch standard, it is kept for 5 seconds",
            ids: &["cors-preflight-cache/03", "max_age: none is 5 seconds"],
        },
        Difference {
            reason: "a kept preflight is used for requests with the same credentials only; in the \
                     Fetch standard, one with credentials covers a request without them",
            ids: &["max_age: with credentials, then without them"],
        },
        Difference {
            reason: "a kept `*` covers no method and no header",
            ids: &["max_age: a preflight for each method, of all pages"],
        },
        Difference {
            reason: "an empty line of `Access-Control-Allow-Origin` is ignored; in the Fetch \
                     standard, it is part of the value",
            ids: &["cors-origin/59", "cors-origin/62"],
        },
        Difference {
            reason: "http and https of one domain are one site for cookies",
            ids: &["credentials: http is another site than https"],
        },
        Difference {
            reason: "the response of a data URL has a `Content-Length`",
            ids: &[
                "modes: a data URL",
                "modes: no-cors, a data URL",
                "modes: same-origin, a data URL",
            ],
        },
    ],
    quirks: &[],
};
