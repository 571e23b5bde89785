//! The policies and the handlers of the table, which are the same for every adapter.

use cors_runtime::{Policy, policy};

/// A handler with a policy, at its own path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Listed,
    Pattern,
    Open,
    Wild,
    Token,
    Repeating,
    Guarded,
}

/// Calls a macro of an adapter with every service: the variant, the name of a function, and the
/// policy.
macro_rules! for_every_service {
    ($adapter:ident) => {
        $adapter! {
            Listed listed LISTED;
            Pattern pattern PATTERN;
            Open open OPEN;
            Wild wild WILD;
            Token token TOKEN;
            Repeating repeating REPEATING;
            Guarded guarded GUARDED;
        }
    };
}
pub(crate) use for_every_service;

/// A policy with exact origins, and with every key.
pub(crate) static LISTED: Policy = policy! {
    origins = ["https://app.example.com", "https://admin.example.org"],
    methods = [PUT],
    headers = ["Content-Type", "x-token"],
    expose = ["etag", "x-total"],
    max_age = "10m",
    credentials,
};

/// A policy with patterns, and without other keys. The last entry has the longest scheme, of 64
/// bytes.
pub(crate) static PATTERN: Policy = policy! {
    origins = [
        "https://*.example.com",
        "http://localhost:*",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa://*.example.com:*",
    ],
};

pub(crate) static OPEN: Policy = policy! { origins = "*", expose = ["etag"] };

pub(crate) static WILD: Policy = policy! {
    origins = "*",
    methods = "*",
    headers = "*",
    expose = "*",
    max_age = 0,
};

pub(crate) static TOKEN: Policy = policy! { origins = "*", headers = ["*", "authorization"] };

/// With credentials, a browser takes `*` for a name, so preflights repeat the requested names.
pub(crate) static REPEATING: Policy = policy! {
    origins = ["https://app.example.com"],
    methods = "*",
    headers = "*",
    credentials,
};

/// Refuses requests for other hosts.
pub(crate) static GUARDED: Policy = policy! {
    origins = ["https://app.example.com"],
    enforce,
    hosts = ["api.example.com", "*.api.example.com:8443", "localhost:*", "[::1]:3000"],
};

impl Service {
    pub(crate) const ALL: [Self; 7] = [
        Self::Listed,
        Self::Pattern,
        Self::Open,
        Self::Wild,
        Self::Token,
        Self::Repeating,
        Self::Guarded,
    ];

    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Listed => "/listed",
            Self::Pattern => "/pattern",
            Self::Open => "/open",
            Self::Wild => "/wild",
            Self::Token => "/token",
            Self::Repeating => "/repeating",
            Self::Guarded => "/guarded",
        }
    }

    /// The methods that a router serves by the handler. It responds to other methods with 405.
    pub(crate) fn served(self) -> &'static [&'static str] {
        match self {
            Self::Listed => &["GET", "HEAD", "POST", "PUT", "OPTIONS"],
            Self::Wild | Self::Repeating => &["GET", "HEAD", "POST", "PUT"],
            Self::Pattern | Self::Open | Self::Token | Self::Guarded => &["GET", "HEAD", "POST"],
        }
    }
}

/// A header of the response, which shows that the handler ran.
pub(crate) const RAN: &str = "x-ran";

/// A request header with the status of the response.
pub(crate) const STATUS: &str = "x-status";

/// The prefix of request headers that the handler copies into the response, without the prefix.
const SET: &str = "x-set-";

/// The response of a handler. Its body is [`BODY`].
pub(crate) struct Work {
    pub(crate) status: u16,
    pub(crate) lines: Vec<(String, Vec<u8>)>,
}

pub(crate) const BODY: &str = "work";

/// Creates the response of every handler.
pub(crate) fn work<'a>(request: impl Iterator<Item = (&'a str, &'a [u8])>) -> Work {
    let mut work = Work {
        status: 200,
        lines: vec![(RAN.to_owned(), b"yes".to_vec())],
    };
    for (name, value) in request {
        if let Some(name) = name.strip_prefix(SET) {
            work.lines.push((name.to_owned(), value.to_vec()));
        } else if name == STATUS {
            let status = str::from_utf8(value).ok().and_then(|it| it.parse().ok());
            work.status = status.expect("a status");
        }
    }
    work
}
