//! The expected responses, written by hand from the Fetch standard and the documentation.

use crate::answer::Answer;
use crate::services::Service;

const ACAO: &str = "access-control-allow-origin";
const ACAC: &str = "access-control-allow-credentials";
pub(crate) const ACAM: &str = "access-control-allow-methods";
const ACAH: &str = "access-control-allow-headers";
const ACEH: &str = "access-control-expose-headers";
const MAX_AGE: &str = "access-control-max-age";

fn answer(status: u16, cors: &[(&str, &str)], vary: &[&str]) -> Answer {
    let mut answer = Answer {
        status,
        ..Answer::default()
    };
    let lines = cors.iter();
    answer.cors = lines
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    answer.cors.sort();
    answer.vary(vary)
}

fn ran(cors: &[(&str, &str)], vary: &[&str]) -> Answer {
    Answer {
        ran: true,
        ..answer(200, cors, vary)
    }
}

/// The response to an allowed preflight, with the whole policy.
pub(crate) fn allowed_preflight(service: Service, origin: &str) -> Answer {
    let cors: &[_] = match service {
        Service::Listed => &[
            (ACAO, origin),
            (ACAC, "true"),
            (ACAM, "PUT"),
            (ACAH, "content-type, x-token"),
            (MAX_AGE, "600"),
        ],
        Service::Pattern | Service::Guarded => &[(ACAO, origin), (ACAM, "GET, HEAD, POST")],
        Service::Open => &[(ACAO, "*"), (ACAM, "GET, HEAD, POST")],
        Service::Wild => &[
            (ACAO, "*"),
            (ACAM, "GET, HEAD, POST, PUT"),
            (ACAH, "*"),
            (MAX_AGE, "0"),
        ],
        Service::Token => &[
            (ACAO, "*"),
            (ACAM, "GET, HEAD, POST"),
            (ACAH, "*, authorization"),
        ],
        Service::Repeating => &[
            (ACAO, origin),
            (ACAC, "true"),
            (ACAM, "GET, HEAD, POST, PUT"),
        ],
    };
    answer(204, cors, &PREFLIGHT_VARY)
}

/// The response to a refused preflight.
pub(crate) fn refused_preflight() -> Answer {
    answer(403, &[], &PREFLIGHT_VARY)
}

/// The response to a request that `enforce` refuses.
pub(crate) fn enforced() -> Answer {
    answer(403, &[], &["origin", "sec-fetch-site"])
}

const PREFLIGHT_VARY: [&str; 3] = [
    "access-control-request-headers",
    "access-control-request-method",
    "origin",
];

/// The response of the handler, for an origin that may read it. With `*`, every origin may read it,
/// also a request without an origin.
pub(crate) fn readable(service: Service, origin: &str) -> Answer {
    match service {
        Service::Listed => ran(
            &[(ACAO, origin), (ACAC, "true"), (ACEH, "etag, x-total")],
            &["origin"],
        ),
        Service::Pattern | Service::Guarded => ran(&[(ACAO, origin)], &["origin"]),
        Service::Open => ran(&[(ACAO, "*"), (ACEH, "etag")], &[]),
        Service::Wild => ran(&[(ACAO, "*"), (ACEH, "*")], &[]),
        Service::Token => ran(&[(ACAO, "*")], &[]),
        Service::Repeating => ran(&[(ACAO, origin), (ACAC, "true")], &["origin"]),
    }
}

/// The response of the handler, for a request without an origin, or with an origin that is not
/// allowed.
pub(crate) fn unreadable() -> Answer {
    ran(&[], &["origin"])
}

/// A response without a policy.
pub(crate) fn without_cors(status: u16) -> Answer {
    answer(status, &[], &[])
}

impl Answer {
    pub(crate) fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// Expects the same headers, without running the handler.
    pub(crate) fn without_handler(self) -> Self {
        Self { ran: false, ..self }
    }

    /// Expects exactly these elements.
    pub(crate) fn vary(mut self, tokens: &[&str]) -> Self {
        self.vary = tokens.iter().map(ToString::to_string).collect();
        self.vary.sort();
        self
    }

    pub(crate) fn headers(mut self, headers: &str) -> Self {
        self.cors.push((ACAH.to_owned(), headers.to_owned()));
        self.cors.sort();
        self
    }

    pub(crate) fn methods(mut self, methods: &str) -> Self {
        let mut lines = self.cors.iter_mut();
        let line = lines.find(|(name, _)| name == ACAM);
        methods.clone_into(&mut line.expect("an allowed preflight").1);
        self
    }

    /// Expects that an allowed preflight lists only the requested method, and is not cached.
    pub(crate) fn of_shared_path(self, method: &str) -> Self {
        if self.status != 204 {
            return self;
        }
        let mut answer = self.methods(method);
        answer.cors.retain(|(name, _)| name != MAX_AGE);
        answer.cors.push((MAX_AGE.to_owned(), "0".to_owned()));
        answer.cors.sort();
        answer
    }
}
