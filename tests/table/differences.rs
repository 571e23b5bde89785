//! The differences between adapters and the table. Each difference has a name and a reason.

use crate::adapters::{
    ACTIX_MACRO, HTTP_FUNCTION, LAMBDA_ALB, LAMBDA_HTTP, LAMBDA_REST, TOWER_LAYER,
    TOWER_POLICIES_INSIDE,
};
use crate::answer::Answer;
use crate::expected::{
    allowed_preflight, enforced, readable, refused_preflight, unreadable, without_cors,
};
use crate::requests::APP;
use crate::services::Service::{Listed, Open, Pattern, Repeating, Token, Wild};

pub(crate) struct Difference {
    pub(crate) name: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) adapters: &'static [&'static str],
    /// The name of a request, and the response of these adapters.
    pub(crate) answers: Vec<(&'static str, Answer)>,
}

/// The adapters for a whole service, which do not know its endpoints.
const WHOLE_SERVICES: &[&str] = &[
    HTTP_FUNCTION,
    TOWER_LAYER,
    TOWER_POLICIES_INSIDE,
    LAMBDA_HTTP,
    LAMBDA_REST,
    LAMBDA_ALB,
];

pub(crate) fn differences() -> Vec<Difference> {
    vec![
        no_paths(),
        no_405(),
        not_found(),
        no_extractors(),
        every_method(),
        every_requested_method(),
        repeated_lines(),
        joined_lines(),
        last_line_only(),
        malformed_hosts(),
        paths_only(),
        paths_of_rest(),
    ]
}

fn no_paths() -> Difference {
    Difference {
        name: "no paths",
        reason: "a whole service serves every path",
        adapters: WHOLE_SERVICES,
        answers: vec![
            ("/nowhere: preflight", allowed_preflight(Listed, APP)),
            ("/nowhere: GET", readable(Listed, APP)),
        ],
    }
}

fn no_405() -> Difference {
    Difference {
        name: "no 405",
        reason: "a whole service serves every method, also OPTIONS that is not a preflight",
        adapters: WHOLE_SERVICES,
        answers: vec![
            ("a 405", readable(Listed, APP)),
            ("a 405 from another origin", unreadable()),
            ("a 405 without Origin", unreadable()),
            ("a 405 for any origin", readable(Open, "*")),
            (
                "/pattern: OPTIONS that is not served",
                readable(Pattern, APP),
            ),
            (
                "/open: OPTIONS that is not served, without Origin",
                readable(Open, "*"),
            ),
            (
                "/wild: OPTIONS that is not served, without Origin",
                readable(Wild, "*"),
            ),
            (
                "/token: OPTIONS that is not served, without Origin",
                readable(Token, "*"),
            ),
        ],
    }
}

fn not_found() -> Difference {
    Difference {
        name: "not found",
        reason: "a route macro of actix-web serves only its methods and their preflights, and \
                 actix-web responds to any other method with a 404",
        adapters: &[ACTIX_MACRO],
        answers: [
            "a 405",
            "a 405 from another origin",
            "a 405 without Origin",
            "a 405 for any origin",
            "/pattern: OPTIONS that is not served",
            "/open: OPTIONS that is not served, without Origin",
            "/wild: OPTIONS that is not served, without Origin",
            "/token: OPTIONS that is not served, without Origin",
            "/pattern: PUT by default",
            "/listed: a method that is not served",
            "/listed: a listed method in lower case",
            "/listed: a safelisted method in lower case",
            "/listed: an empty method",
            "/listed: a method and a space",
            "/listed: two methods in one line",
            "/listed: an asterisk for a method",
            "/listed: a method on two lines",
            "/listed: a method that is not text",
            "/wild: a method that is not a token",
            "/wild: an empty method",
            "/wild: a method that is not served",
            "/wild: a custom method",
            "/token: PUT by default",
            "/open: PUT by default",
            "/repeating: a method that is not a token",
            "/repeating: an empty method",
        ]
        .map(|request| (request, without_cors(404)))
        .to_vec(),
    }
}

fn no_extractors() -> Difference {
    Difference {
        name: "no extractors",
        reason: "a whole service does not use extractors, so there are no rejections",
        adapters: WHOLE_SERVICES,
        answers: vec![
            ("a rejection", readable(Listed, APP)),
            ("a rejection from another origin", unreadable()),
            ("a rejection without Origin", unreadable()),
            ("a rejection for any origin", readable(Open, "*")),
        ],
    }
}

fn every_method() -> Difference {
    let any = || allowed_preflight(Wild, "*").methods("*");
    Difference {
        name: "every method",
        reason: "a whole service is not registered for methods, so `*` stays `*`",
        adapters: WHOLE_SERVICES,
        answers: vec![
            ("/wild: any name", any()),
            ("/wild: an asterisk for a name", any()),
            ("/wild: a safelisted method", any()),
            ("/wild: an empty origin", any()),
            ("/wild: two origins", any()),
            ("/wild: a method that is not served", any()),
            ("/wild: a custom method", any()),
        ],
    }
}

fn every_requested_method() -> Difference {
    let puts = |names| {
        allowed_preflight(Repeating, APP)
            .methods("PUT")
            .headers(names)
    };
    let puts_alone = || allowed_preflight(Repeating, APP).methods("PUT");
    Difference {
        name: "every requested method",
        reason: "a whole service is not registered for methods, so the response repeats the \
                 requested method",
        adapters: WHOLE_SERVICES,
        answers: vec![
            ("/repeating: a name", puts("x-one")),
            ("/repeating: two names", puts("x-one,x-two")),
            ("/repeating: an asterisk for a name", puts("*")),
            ("/repeating: no name", puts_alone()),
            ("/repeating: empty names", puts_alone()),
            (
                "/repeating: a safelisted method",
                allowed_preflight(Repeating, APP).methods("POST"),
            ),
        ],
    }
}

fn joined_lines() -> Difference {
    Difference {
        name: "joined lines",
        reason: "an HTTP API joins the lines of a header with commas, which count as bytes",
        adapters: &[LAMBDA_HTTP],
        answers: vec![
            ("/listed: 4096 bytes on two lines", refused_preflight()),
            ("/repeating: two lines", put_two("x-one,,x-two")),
        ],
    }
}

/// The response to an allowed preflight for PUT of a whole service, which repeats the names of two
/// lines.
fn put_two(names: &str) -> Answer {
    allowed_preflight(Repeating, APP)
        .methods("PUT")
        .headers(names)
}

fn repeated_lines() -> Difference {
    Difference {
        name: "repeated lines",
        reason: "a whole service repeats the method, and the names of all lines",
        adapters: &[
            HTTP_FUNCTION,
            TOWER_LAYER,
            TOWER_POLICIES_INSIDE,
            LAMBDA_ALB,
        ],
        answers: vec![("/repeating: two lines", put_two("x-one, x-two"))],
    }
}

/// Browsers do not send two lines. The lists in the response depend only on the policy.
fn last_line_only() -> Difference {
    Difference {
        name: "last line only",
        reason: "an event of a REST API has all lines of a header, and the last line; lambda_http \
                 uses the last line",
        adapters: &[LAMBDA_REST],
        answers: vec![
            ("/listed: GET, the same Origin twice", readable(Listed, APP)),
            (
                "/listed: preflight, the same Origin twice",
                allowed_preflight(Listed, APP),
            ),
            (
                "/listed: GET, two Origins, allowed last",
                readable(Listed, APP),
            ),
            (
                "/listed: preflight, two Origins, allowed last",
                allowed_preflight(Listed, APP),
            ),
            (
                "/pattern: GET, the same Origin twice",
                readable(Pattern, APP),
            ),
            (
                "/pattern: preflight, the same Origin twice",
                allowed_preflight(Pattern, APP),
            ),
            (
                "/pattern: GET, two Origins, allowed last",
                readable(Pattern, APP),
            ),
            (
                "/pattern: preflight, two Origins, allowed last",
                allowed_preflight(Pattern, APP),
            ),
            (
                "/listed: a method on two lines",
                allowed_preflight(Listed, APP),
            ),
            ("/repeating: two lines", put_two("x-two")),
            ("/guarded: two hosts", unreadable()),
            (
                "/listed: a name that is not listed, on the first line",
                allowed_preflight(Listed, APP),
            ),
            (
                "/listed: 65 names on two lines",
                allowed_preflight(Listed, APP),
            ),
            ("/listed: 65 empty lines", allowed_preflight(Listed, APP)),
            (
                "/listed: 4097 bytes on two lines",
                allowed_preflight(Listed, APP),
            ),
        ],
    }
}

fn malformed_hosts() -> Difference {
    // An empty answer, because the handler does not receive a request.
    let answers = [
        "/guarded: malformed host `api.example.com:+80`",
        "/guarded: malformed host `api.example.com:80:80`",
        "/guarded: malformed host `api.example.com, rebound.example`",
        "/guarded: malformed host `localhost:70000`",
        "/guarded: malformed host `localhost:*`",
    ];
    Difference {
        name: "malformed hosts",
        reason: "API Gateway does not pass such a request on, and lambda_http panics when it \
                 creates the URI",
        adapters: &[LAMBDA_HTTP, LAMBDA_REST],
        answers: answers.map(|name| (name, Answer::default())).into(),
    }
}

fn paths_only() -> Difference {
    Difference {
        name: "paths only",
        reason: "the path of an event is not a URI, and the event has a separate host",
        adapters: &[LAMBDA_HTTP],
        answers: vec![
            ("/guarded: authority", enforced()),
            ("/guarded: authority and host", Answer::default()),
            ("/guarded: other authority and host", Answer::default()),
        ],
    }
}

fn paths_of_rest() -> Difference {
    Difference {
        name: "paths only, also of a URI",
        reason: "lambda_http uses the host of the event as the authority",
        adapters: &[LAMBDA_REST, LAMBDA_ALB],
        answers: vec![
            ("/guarded: authority", enforced()),
            ("/guarded: other authority and host", unreadable()),
        ],
    }
}
