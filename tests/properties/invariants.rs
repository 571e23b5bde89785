//! The rules that hold for every response, whatever the policy and the request are.
//!
//! The fuzz targets include this file.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD,
    HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY,
};
use http::{Method, Request, Response, StatusCode};

/// The response header that shows that a handler ran.
pub(crate) const RAN: &str = "x-ran";

/// Returns the rules that a response breaks.
pub(crate) fn broken(request: &Request<()>, response: &Response<Vec<u8>>) -> Vec<&'static str> {
    let answer = Answer { request, response };
    let rules = [
        (answer.repeats_a_header(), "a CORS header has two lines"),
        (
            answer.allows_another_origin(),
            "`Access-Control-Allow-Origin` is not the origin of the request",
        ),
        (
            answer.allows_half(),
            "a CORS header without `Access-Control-Allow-Origin`",
        ),
        (
            answer.contains_refused_origin(),
            "the response contains the refused origin",
        ),
        (answer.misses_vary(), "`Origin` is not in `Vary`"),
        (
            answer.allows_credentials_to_all(),
            "`*` with `Access-Control-Allow-Credentials`",
        ),
        (
            answer.runs_for_a_preflight(),
            "a handler ran for a preflight, or a refused preflight has CORS headers",
        ),
    ];
    let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
    broken.map(|(_, rule)| rule).collect()
}

/// Returns the names and values of all `Access-Control-*` headers.
pub(crate) fn cors_headers(headers: &HeaderMap) -> Vec<(&HeaderName, &HeaderValue)> {
    let is_cors = |name: &HeaderName| name.as_str().starts_with("access-control-");
    let mut headers: Vec<_> = headers.iter().filter(|(name, _)| is_cors(name)).collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    headers
}

/// Returns whether a request is a CORS-preflight request.
///
/// <https://fetch.spec.whatwg.org/#cors-preflight-request>
pub(crate) fn is_preflight(request: &Request<()>) -> bool {
    let has = |name| request.headers().contains_key(name);
    request.method() == Method::OPTIONS && has(ORIGIN) && has(ACCESS_CONTROL_REQUEST_METHOD)
}

struct Answer<'a> {
    request: &'a Request<()>,
    response: &'a Response<Vec<u8>>,
}

impl Answer<'_> {
    fn allow_origin(&self) -> Option<&HeaderValue> {
        self.response.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN)
    }

    fn repeats_a_header(&self) -> bool {
        let names = cors_headers(self.response.headers());
        names.windows(2).any(|pair| pair[0].0 == pair[1].0)
    }

    fn allows_another_origin(&self) -> bool {
        let mut origins = self.request.headers().get_all(ORIGIN).iter();
        let origin = origins.next().filter(|_| origins.next().is_none());
        self.allow_origin()
            .is_some_and(|allowed| allowed != "*" && Some(allowed) != origin)
    }

    fn allows_half(&self) -> bool {
        self.allow_origin().is_none() && !cors_headers(self.response.headers()).is_empty()
    }

    fn contains_refused_origin(&self) -> bool {
        if self.allow_origin().is_some() {
            return false;
        }
        let headers = self.response.headers().values().map(HeaderValue::as_bytes);
        let parts: Vec<_> = headers.chain([&**self.response.body()]).collect();
        let origins = self.request.headers().get_all(ORIGIN).iter();
        // Other values can be part of a header value by chance.
        let is_origin =
            |origin: &&[u8]| *origin == b"null" || origin.windows(3).any(|window| window == b"://");
        let mut origins = origins.map(HeaderValue::as_bytes).filter(is_origin);
        origins.any(|origin| {
            let mut windows = parts.iter().flat_map(|part| part.windows(origin.len()));
            windows.any(|window| window == origin)
        })
    }

    fn misses_vary(&self) -> bool {
        self.allow_origin().is_some_and(|origin| origin != "*")
            && !vary(self.response.headers())
                .iter()
                .any(|it| it == "origin" || it == "*")
    }

    fn allows_credentials_to_all(&self) -> bool {
        let headers = self.response.headers();
        self.allow_origin().is_some_and(|origin| origin == "*")
            && headers.contains_key(ACCESS_CONTROL_ALLOW_CREDENTIALS)
    }

    fn runs_for_a_preflight(&self) -> bool {
        let is_allowed = self.response.status() == StatusCode::NO_CONTENT;
        is_preflight(self.request)
            && (self.response.headers().contains_key(RAN)
                || self.allow_origin().is_some() != is_allowed)
    }
}

/// Returns the elements of `Vary` in lower case.
pub(crate) fn vary(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(VARY).iter().map(HeaderValue::as_bytes);
    let elements = lines.flat_map(|line| line.split(|&byte| byte == b','));
    elements
        .map(|element| String::from_utf8_lossy(element.trim_ascii()).to_lowercase())
        .collect()
}
