//! Requests for the targets of the adapters, and the policies that they are sent to.

#[path = "../../tests/properties/invariants.rs"]
mod invariants;

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use cors_runtime::{OriginList, Policy, RequestHead, policy};
use http::{HeaderName, HeaderValue, Method, Request, Response};
use tokio::runtime::{Builder, Runtime};

/// Every key, with exact origins.
pub static LISTED: Policy = policy! {
    origins = ["https://app.example.com", "tauri://localhost"],
    methods = [PUT, PATCH],
    headers = ["content-type", "x-token"],
    expose = ["x-total"],
    max_age = "10m",
    credentials,
};

/// Every kind of entry that is not exact.
pub static MATCHED: Policy = policy! {
    origins = [
        "https://*.example.com",
        "http://localhost:*",
        regex(r"https://[a-z0-9-]+\.example\.org"),
        by_function,
        LIST,
    ],
};

static LIST: LazyLock<OriginList> =
    LazyLock::new(|| OriginList::try_from_iter(["https://*.example.net:*"]).unwrap());

fn by_function(origin: &str, request: &RequestHead<'_>) -> bool {
    request.host().is_some_and(|host| origin.ends_with(host))
}

pub static OPEN: Policy = policy! {
    origins = "*",
    methods = "*",
    headers = ["*", "authorization"],
    expose = "*",
};

/// Preflights repeat the requested method and names.
pub static REPEATING: Policy = policy! {
    origins = ["https://app.example.com"],
    methods = "*",
    headers = "*",
    credentials,
};

pub static GUARDED: Policy = policy! {
    origins = ["https://app.example.org", "https://*.example.com:*"],
    enforce,
    hosts = ["api.example.com", "*.api.example.com:8443", "localhost:*", "[::1]:3000"],
};

/// Calls a macro with a name for the handler of each policy, the policy, and a path.
#[macro_export]
macro_rules! for_each_policy {
    ($handlers:ident) => {
        $handlers! {
            listed LISTED "/listed";
            matched MATCHED "/matched";
            open OPEN "/open";
            repeating REPEATING "/repeating";
            guarded GUARDED "/guarded";
        }
    };
}

pub const PATHS: [&str; 6] = [
    "/listed",
    "/matched",
    "/open",
    "/repeating",
    "/guarded",
    "/none",
];

/// The headers that every handler responds with: those of another library, and two of the same
/// name.
pub const OWN_HEADERS: [(&str, &str); 6] = [
    ("x-ran", "yes"),
    ("x-total", "3"),
    ("vary", "accept-encoding"),
    ("access-control-allow-origin", "https://evil.example"),
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "*"),
];

/// A request. The first parts of names and values are from lists, so that the fuzzer need not
/// guess them.
#[derive(Arbitrary, Debug)]
pub struct Sent<'a> {
    path: u8,
    method: u8,
    lines: Vec<(u8, Value<'a>)>,
}

#[derive(Arbitrary, Debug)]
enum Value<'a> {
    Any(&'a [u8]),
    Origin(u8),
    Below(u8, &'a [u8]),
    Name(u8),
    Names(u8, u8, &'a [u8]),
    Repeated(u8, u16),
}

const METHODS: [&str; 8] = [
    "OPTIONS", "OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTION",
];

const HEADERS: [&str; 9] = [
    "origin",
    "origin",
    "access-control-request-method",
    "access-control-request-method",
    "access-control-request-headers",
    "host",
    "sec-fetch-site",
    "content-type",
    "x-token",
];

const ORIGINS: [&str; 8] = [
    "https://app.example.com",
    "tauri://localhost",
    "http://localhost:3000",
    "https://a.example.org",
    "https://b.example.net:8443",
    "https://api.example.com",
    "https://evil.example",
    "null",
];

const NAMES: [&str; 10] = [
    "content-type",
    "x-token",
    "authorization",
    "*",
    "PUT",
    "GET",
    "same-origin",
    "cross-site",
    "api.example.com",
    "localhost:3000",
];

fn pick(list: &[&'static str], index: u8) -> &'static str {
    list[usize::from(index) % list.len()]
}

impl Value<'_> {
    fn to_bytes(&self) -> Vec<u8> {
        match *self {
            Self::Any(bytes) => bytes.to_vec(),
            Self::Origin(index) => pick(&ORIGINS, index).into(),
            Self::Below(index, bytes) => {
                let (scheme, host) = pick(&ORIGINS, index)
                    .split_once("://")
                    .unwrap_or(("x", "y"));
                [scheme.as_bytes(), b"://", bytes, b".", host.as_bytes()].concat()
            }
            Self::Name(index) => pick(&NAMES, index).into(),
            Self::Names(one, two, between) => [
                pick(&NAMES, one).as_bytes(),
                between,
                pick(&NAMES, two).as_bytes(),
            ]
            .concat(),
            Self::Repeated(index, times) => {
                let name = [pick(&NAMES, index), ","].concat();
                name.repeat(usize::from(times % 1024)).into()
            }
        }
    }
}

impl Sent<'_> {
    /// Returns the request.
    pub fn to_request(&self) -> Request<()> {
        let mut request = Request::new(());
        *request.method_mut() = pick(&METHODS, self.method).parse::<Method>().unwrap();
        *request.uri_mut() = pick(&PATHS, self.path).parse().unwrap();
        for (name, value) in &self.lines {
            if let Ok(value) = HeaderValue::from_bytes(&value.to_bytes()) {
                let name = HeaderName::from_static(pick(&HEADERS, *name));
                request.headers_mut().append(name, value);
            }
        }
        request
    }
}

/// Asserts the rules that hold for every response.
///
/// # Panics
///
/// Panics if a rule is broken.
pub fn check(request: &Request<()>, response: &Response<Vec<u8>>) {
    let broken = invariants::broken(request, response);
    assert!(broken.is_empty(), "{broken:?}: {request:?} -> {response:?}");
}

/// A runtime for one thread.
pub fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

/// Returns the response with its body.
pub async fn collect<B>(response: Response<B>) -> Response<Vec<u8>>
where
    B: http_body_util::BodyExt<Error: std::fmt::Debug>,
{
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Response::from_parts(parts, body)
}

/// The response of every handler.
pub fn response<B: Default>() -> Response<B> {
    let mut response = Response::new(B::default());
    for (name, value) in OWN_HEADERS {
        let value = HeaderValue::from_static(value);
        response
            .headers_mut()
            .append(HeaderName::from_static(name), value);
    }
    response
}
