//! Where adapters differ from the table, each difference by name, with its reason.

use crate::adapters::{
    ACTIX_MACRO, HTTP_FUNCTION, LAMBDA_ALB, LAMBDA_HTTP, LAMBDA_REST, TOWER_LAYER, TOWER_TOLD,
};
use crate::answer::Answer;
use crate::expected::{enforced, permission, readable, refusal, unreadable, untouched};
use crate::requests::APP;
use crate::services::Service::{Listed, Open, Pattern, Repeating, Token, Wild};

pub(crate) struct Difference {
    pub(crate) name: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) adapters: &'static [&'static str],
    /// The name of a request, and what those adapters answer to it instead.
    pub(crate) answers: Vec<(&'static str, Answer)>,
}

/// The adapters that know of one service and of nothing inside it.
const WHOLE_SERVICES: &[&str] = &[
    HTTP_FUNCTION,
    TOWER_LAYER,
    TOWER_TOLD,
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
            ("/nowhere: preflight", permission(Listed, APP)),
            ("/nowhere: GET", readable(Listed, APP)),
        ],
    }
}

fn no_405() -> Difference {
    Difference {
        name: "no 405",
        reason: "a whole service serves every method, also an OPTIONS that is no preflight",
        adapters: WHOLE_SERVICES,
        answers: vec![
            ("a 405", readable(Listed, APP)),
            ("a 405 of a stranger", unreadable()),
            ("a 405 without Origin", unreadable()),
            ("a 405 for everybody", readable(Open, "*")),
            (
                "/pattern: OPTIONS that nobody serves",
                readable(Pattern, APP),
            ),
            (
                "/open: OPTIONS that nobody serves, without Origin",
                readable(Open, "*"),
            ),
            (
                "/wild: OPTIONS that nobody serves, without Origin",
                readable(Wild, "*"),
            ),
            (
                "/token: OPTIONS that nobody serves, without Origin",
                readable(Token, "*"),
            ),
        ],
    }
}

fn not_found() -> Difference {
    Difference {
        name: "not found",
        reason: "a route macro of actix-web takes its own methods only, and their preflights: for \
                 any other method, actix-web responds with a 404",
        adapters: &[ACTIX_MACRO],
        answers: [
            "a 405",
            "a 405 of a stranger",
            "a 405 without Origin",
            "a 405 for everybody",
            "/pattern: OPTIONS that nobody serves",
            "/open: OPTIONS that nobody serves, without Origin",
            "/wild: OPTIONS that nobody serves, without Origin",
            "/token: OPTIONS that nobody serves, without Origin",
            "/pattern: PUT by default",
            "/listed: a method that nobody serves",
            "/listed: a listed method in lower case",
            "/listed: a safelisted method in lower case",
            "/listed: an empty method",
            "/listed: a method and a space",
            "/listed: two methods in a line",
            "/listed: an asterisk for a method",
            "/listed: a method twice",
            "/listed: a method that is no text",
            "/wild: no token for a method",
            "/wild: an empty method",
            "/wild: a method that nobody serves",
            "/wild: a method of one's own",
            "/token: PUT by default",
            "/open: PUT by default",
            "/repeating: no token for a method",
            "/repeating: an empty method",
        ]
        .map(|request| (request, untouched(404)))
        .to_vec(),
    }
}

fn no_extractors() -> Difference {
    Difference {
        name: "no extractors",
        reason: "the request of a whole service is not taken apart, so nothing is rejected",
        adapters: WHOLE_SERVICES,
        answers: vec![
            ("a rejection", readable(Listed, APP)),
            ("a rejection of a stranger", unreadable()),
            ("a rejection without Origin", unreadable()),
            ("a rejection for everybody", readable(Open, "*")),
        ],
    }
}

fn every_method() -> Difference {
    let any = || permission(Wild, "*").methods("*");
    Difference {
        name: "every method",
        reason: "a whole service has no registration that names methods, so `*` stays `*` (DESIGN \
                 5, siblings)",
        adapters: WHOLE_SERVICES,
        answers: vec![
            ("/wild: any name", any()),
            ("/wild: an asterisk for a name", any()),
            ("/wild: a safelisted method", any()),
            ("/wild: an empty origin", any()),
            ("/wild: two origins", any()),
            ("/wild: a method that nobody serves", any()),
            ("/wild: a method of one's own", any()),
        ],
    }
}

fn every_requested_method() -> Difference {
    let puts = |names| permission(Repeating, APP).methods("PUT").headers(names);
    let puts_alone = || permission(Repeating, APP).methods("PUT");
    Difference {
        name: "every requested method",
        reason: "a whole service has no registration that names methods, so the requested one is \
                 repeated",
        adapters: WHOLE_SERVICES,
        answers: vec![
            ("/repeating: a name", puts("x-one")),
            ("/repeating: two names", puts("x-one,x-two")),
            ("/repeating: an asterisk for a name", puts("*")),
            ("/repeating: no name", puts_alone()),
            ("/repeating: empty names", puts_alone()),
            (
                "/repeating: a safelisted method",
                permission(Repeating, APP).methods("POST"),
            ),
        ],
    }
}

fn joined_lines() -> Difference {
    Difference {
        name: "joined lines",
        reason: "an HTTP API joins the lines of a name with commas, which count",
        adapters: &[LAMBDA_HTTP],
        answers: vec![
            ("/listed: 4096 bytes on two lines", refusal()),
            ("/repeating: two lines", put_two("x-one,,x-two")),
        ],
    }
}

/// A permission for PUT of a whole service that repeats the names of two lines.
fn put_two(names: &str) -> Answer {
    permission(Repeating, APP).methods("PUT").headers(names)
}

fn repeated_lines() -> Difference {
    Difference {
        name: "repeated lines",
        reason: "a whole service repeats the method, and the names of all lines",
        adapters: &[HTTP_FUNCTION, TOWER_LAYER, TOWER_TOLD, LAMBDA_ALB],
        answers: vec![("/repeating: two lines", put_two("x-one, x-two"))],
    }
}

/// No browser sends two lines, and the lists of a permission are the policy's whatever was asked
/// for.
fn last_line_only() -> Difference {
    Difference {
        name: "last line only",
        reason: "an event of a REST API has all lines of a name, and its last; lambda_http takes \
                 the latter",
        adapters: &[LAMBDA_REST],
        answers: vec![
            ("/listed: GET, the same Origin twice", readable(Listed, APP)),
            (
                "/listed: preflight, the same Origin twice",
                permission(Listed, APP),
            ),
            (
                "/listed: GET, two Origins, allowed last",
                readable(Listed, APP),
            ),
            (
                "/listed: preflight, two Origins, allowed last",
                permission(Listed, APP),
            ),
            (
                "/pattern: GET, the same Origin twice",
                readable(Pattern, APP),
            ),
            (
                "/pattern: preflight, the same Origin twice",
                permission(Pattern, APP),
            ),
            (
                "/pattern: GET, two Origins, allowed last",
                readable(Pattern, APP),
            ),
            (
                "/pattern: preflight, two Origins, allowed last",
                permission(Pattern, APP),
            ),
            ("/listed: a method twice", permission(Listed, APP)),
            ("/repeating: two lines", put_two("x-two")),
            ("/guarded: two hosts", unreadable()),
            (
                "/listed: a name that is not listed, on the first line",
                permission(Listed, APP),
            ),
            ("/listed: 65 names on two lines", permission(Listed, APP)),
            ("/listed: 65 empty lines", permission(Listed, APP)),
            ("/listed: 4097 bytes on two lines", permission(Listed, APP)),
        ],
    }
}

fn malformed_hosts() -> Difference {
    // An empty answer: there is no request.
    let answers = [
        "/guarded: malformed host `api.example.com:+80`",
        "/guarded: malformed host `api.example.com:80:80`",
        "/guarded: malformed host `api.example.com, rebound.example`",
        "/guarded: malformed host `localhost:70000`",
        "/guarded: malformed host `localhost:*`",
    ];
    Difference {
        name: "malformed hosts",
        reason: "API Gateway does not pass such a request on, and lambda_http panics when it makes \
                 the URI of one",
        adapters: &[LAMBDA_HTTP, LAMBDA_REST],
        answers: answers.map(|name| (name, Answer::default())).into(),
    }
}

fn paths_only() -> Difference {
    Difference {
        name: "paths only",
        reason: "the path of an event is not a URI, and an event has a host of its own",
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
        reason: "lambda_http takes the authority from the host of the event",
        adapters: &[LAMBDA_REST, LAMBDA_ALB],
        answers: vec![
            ("/guarded: authority", enforced()),
            ("/guarded: other authority and host", unreadable()),
        ],
    }
}
