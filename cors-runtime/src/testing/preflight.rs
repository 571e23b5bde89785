//! The preflight of a request.

use std::time::Duration;

use super::cache::Allows;
use super::cors_check::cors_check;
use super::failure::Failure;
use super::fetch::Credentials;
use super::headers::{HeaderList, decode, tokens};
use super::network::Response;
use super::reason::Reason;
use super::request::{Request, Tainting};
use super::safelist::{is_non_wildcard, is_safelisted_method, unsafe_header_names};
use super::session::{Session, State};

/// How long a preflight is kept without `Access-Control-Max-Age`.
const DEFAULT_MAX_AGE: Duration = Duration::from_secs(5);

impl Session<'_> {
    /// Returns whether the cache does not cover the request.
    pub(super) fn needs_preflight(&self, request: &Request) -> bool {
        let is_kept = |wanted: Allows| {
            let State { cache, clock, .. } = &*self.state;
            cache.covers(request, &wanted, *clock)
        };
        let needs_method = request.forces_preflight || !is_safelisted_method(&request.method);
        (needs_method && !is_kept(Allows::Method(request.method.clone())))
            || unsafe_header_names(&request.headers)
                .into_iter()
                .any(|name| !is_kept(Allows::Header(name)))
    }

    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0).
    pub(super) async fn preflight(&mut self, request: &Request) -> Result<(), Failure> {
        let response = self.network(&preflight_of(request), true).await?;
        let result = self.check_preflight(request, &response);
        result.map_err(|reason| Failure::of_preflight(reason, &response))
    }

    fn check_preflight(&mut self, request: &Request, response: &Response) -> Result<(), Reason> {
        let is_include = request.credentials == Credentials::Include;
        cors_check(&request.serialized_origin(), is_include, &response.headers)?;
        if !(200..300).contains(&response.status) {
            return Err(Reason::PreflightStatus(response.status));
        }
        let allowed = Allowed::of(request, &response.headers)?;
        allowed.check(request, is_include)?;
        self.keep(request, allowed, &response.headers);
        Ok(())
    }

    fn keep(&mut self, request: &Request, allowed: Allowed, response: &HeaderList) {
        let limit = self.state.max_age_limit.unwrap_or(Duration::MAX);
        let max_age = max_age(response).min(limit);
        let methods = allowed.methods.into_iter().map(Allows::Method);
        let headers = allowed.headers.into_iter().map(Allows::Header);
        for allows in methods.chain(headers) {
            self.state
                .cache
                .store(request, allows, self.state.clock, max_age);
        }
    }
}

/// The lists of the response to a preflight.
struct Allowed {
    methods: Vec<String>,
    headers: Vec<String>,
}

impl Allowed {
    fn of(request: &Request, response: &HeaderList) -> Result<Self, Reason> {
        let methods = tokens("access-control-allow-methods", response);
        let headers = tokens("access-control-allow-headers", response);
        let methods = methods.map_err(|_| Reason::AllowMethodsInvalid)?;
        let headers = headers.map_err(|_| Reason::AllowHeadersInvalid)?;
        let forced = request
            .forces_preflight
            .then(|| vec![request.method.clone()]);
        Ok(Self {
            methods: methods.or(forced).unwrap_or_default(),
            headers: headers.unwrap_or_default(),
        })
    }

    fn check(&self, request: &Request, is_include: bool) -> Result<(), Reason> {
        let has_wildcard = |list: &[String]| !is_include && list.iter().any(|item| item == "*");
        let method = &request.method;
        let is_allowed = self.methods.contains(method)
            || is_safelisted_method(method)
            || has_wildcard(&self.methods);
        if !is_allowed {
            return Err(Reason::MethodNotAllowed(method.clone()));
        }
        let is_listed = |name: &str| self.headers.iter().any(|n| n.eq_ignore_ascii_case(name));
        let not_allowed = unsafe_header_names(&request.headers)
            .into_iter()
            .find(|name| {
                !is_listed(name) && (is_non_wildcard(name) || !has_wildcard(&self.headers))
            });
        not_allowed.map_or(Ok(()), |name| Err(Reason::HeaderNotAllowed(name)))
    }
}

fn preflight_of(request: &Request) -> Request {
    let mut headers = HeaderList::default();
    headers.append("Accept", "*/*");
    headers.append("Access-Control-Request-Method", &request.method);
    let names = unsafe_header_names(&request.headers).join(",");
    if !names.is_empty() {
        headers.append("Access-Control-Request-Headers", names);
    }
    Request {
        method: "OPTIONS".to_owned(),
        headers,
        body: None,
        // The CORS check of the preflight uses the mode of the request itself.
        credentials: Credentials::SameOrigin,
        tainting: Tainting::Cors,
        ..request.clone()
    }
}

/// Reads `Access-Control-Max-Age`. An invalid value is the default of 5 seconds.
///
/// A negative number is not valid either, and 5 seconds would be right by the standard. Browsers
/// and their tests keep such a preflight for no time at all.
fn max_age(response: &HeaderList) -> Duration {
    let lines: Vec<&[u8]> = response.values("access-control-max-age").collect();
    let [value] = *lines else {
        return DEFAULT_MAX_AGE;
    };
    let value = decode(value);
    let (digits, is_negative) = match value.strip_prefix('-') {
        Some(digits) => (digits, true),
        None => (&*value, false),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        DEFAULT_MAX_AGE
    } else if is_negative {
        Duration::ZERO
    } else {
        Duration::from_secs(digits.parse().unwrap_or(u64::MAX))
    }
}
