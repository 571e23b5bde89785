//! One fetch of a browser: main fetch, HTTP fetch and redirects.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use data_url::DataUrl;
use http_body_util::Full;
use url::Url;

use super::app::{ResponseBody, Server};
use super::cache::PreflightCache;
use super::cookies::CookieJar;
use super::cors_check::{cors_check, resource_policy_check};
use super::failure::Failure;
use super::fetch::{Api, Credentials, Mode, Redirect};
use super::headers::HeaderList;
use super::log::Exchange;
use super::network::Response;
use super::origin::{Origin, includes_userinfo, is_trustworthy};
use super::page::Page;
use super::reason::Reason;
use super::request::{Request, Tainting};
use super::safelist::{BODY_HEADERS, is_non_wildcard, is_safelisted_method, unsafe_header_names};

const MAX_REDIRECTS: usize = 20;

/// What a browser keeps between fetches.
pub(super) struct State {
    pub(super) origin: Origin,
    /// Absent for a page of an opaque origin.
    pub(super) page: Option<Url>,
    pub(super) cache: PreflightCache,
    pub(super) cookies: CookieJar,
    /// The time since the browser was created, as far as a test has advanced it.
    pub(super) clock: Duration,
    pub(super) started: SystemTime,
    pub(super) max_age_limit: Option<Duration>,
    pub(super) log: Vec<Exchange>,
}

impl State {
    /// The time by which cookies expire.
    pub(super) fn now(&self) -> SystemTime {
        self.started.checked_add(self.clock).unwrap_or(self.started)
    }
}

pub(super) type Routes = HashMap<Origin, Box<dyn Server>>;

pub(super) struct Session<'a> {
    pub(super) state: &'a mut State,
    pub(super) routes: &'a mut Routes,
    /// Answers for every origin without a route.
    pub(super) app: Option<&'a mut (dyn Server + 'a)>,
}

enum Step {
    Response(Response),
    OpaqueRedirect,
    Follow { status: u16, location: Url },
}

impl Session<'_> {
    pub(super) async fn run(&mut self, request: &mut Request) -> Result<Page, Failure> {
        let mut may_preflight = false;
        let result = self.main_fetch(request, &mut may_preflight).await;
        if result.is_err() && may_preflight {
            self.state.cache.clear(request);
        }
        result
    }

    /// [Main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch), once for each URL.
    async fn main_fetch(
        &mut self,
        request: &mut Request,
        may_preflight: &mut bool,
    ) -> Result<Page, Failure> {
        if request.url.scheme() == "data" && request.api != Api::WebSocket {
            let response = data(&request.url).ok_or_else(|| {
                Reason::InvalidFetch(format!("`{}` is not a valid data URL", request.url))
            })?;
            return Ok(Page::filtered(request, response));
        }
        loop {
            check_mixed_content(request)?;
            request.set_referrer();
            let is_preflighted = taint(request)?;
            *may_preflight |= is_preflighted;
            match self.http_fetch(request, is_preflighted).await? {
                Step::Response(response) => return Ok(Page::filtered(request, response)),
                Step::OpaqueRedirect => return Ok(Page::opaque_redirect(request)),
                Step::Follow { status, location } => redirect(request, status, location)?,
            }
        }
    }

    /// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch).
    async fn http_fetch(&mut self, request: &Request, preflights: bool) -> Result<Step, Failure> {
        if preflights && self.needs_preflight(request) {
            self.preflight(request).await?;
        }
        let response = self.network(request, false).await?;
        check_response(request, &response)
            .map_err(|reason| Failure::of_response(reason, &response))?;
        if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
            return Ok(Step::Response(response));
        }
        Ok(match request.redirect {
            Redirect::Error => {
                let reason = Reason::RedirectModeError;
                return Err(Failure::of_response(reason, &response));
            }
            Redirect::Manual => Step::OpaqueRedirect,
            Redirect::Follow => match location(request, &response)? {
                None => Step::Response(response),
                Some(location) => Step::Follow {
                    status: response.status,
                    location,
                },
            },
        })
    }
}

/// The response of a [`data:` URL](https://fetch.spec.whatwg.org/#data-urls).
fn data(url: &Url) -> Option<Response> {
    let data = DataUrl::process(url.as_str()).ok()?;
    let (body, _) = data.decode_to_vec().ok()?;
    let mut headers = HeaderList::default();
    headers.append("Content-Type", data.mime_type().to_string());
    Some(Response {
        status: 200,
        headers,
        body: ResponseBody::new(Full::new(Bytes::from(body))),
    })
}

/// Blocks [mixed content](https://w3c.github.io/webappsec-mixed-content/#should-block-fetch).
fn check_mixed_content(request: &Request) -> Result<(), Reason> {
    let is_mixed = request.origin.scheme() == Some("https")
        && request.url.scheme() == "http"
        && !is_trustworthy(&request.url);
    if is_mixed {
        Err(Reason::MixedContent)
    } else {
        Ok(())
    }
}

/// Sets the response tainting, and returns whether the request needs a preflight.
fn taint(request: &mut Request) -> Result<bool, Reason> {
    let is_same_origin = request.origin.is_same_origin(&Origin::of(&request.url));
    request.tainting = match request.mode {
        _ if request.api == Api::WebSocket => Tainting::Basic,
        _ if is_same_origin && request.tainting == Tainting::Basic => Tainting::Basic,
        Mode::SameOrigin => return Err(Reason::SameOriginMode),
        Mode::NoCors if request.redirect != Redirect::Follow => {
            return Err(Reason::NoCorsRedirectMode);
        }
        Mode::NoCors => Tainting::Opaque,
        Mode::Cors => Tainting::Cors,
    };
    if !matches!(request.url.scheme(), "http" | "https") {
        return Err(Reason::Scheme(request.url.scheme().to_owned()));
    }
    Ok(request.tainting == Tainting::Cors
        && (request.forces_preflight
            || !is_safelisted_method(&request.method)
            || !unsafe_header_names(&request.headers).is_empty()))
}

fn check_response(request: &Request, response: &Response) -> Result<(), Reason> {
    match request.tainting {
        Tainting::Basic if request.api == Api::WebSocket && response.status != 101 => {
            Err(Reason::WebSocketStatus(response.status))
        }
        Tainting::Basic => Ok(()),
        Tainting::Opaque => resource_policy_check(request, &response.headers),
        Tainting::Cors => cors_check(
            &request.serialized_origin(),
            request.credentials == Credentials::Include,
            &response.headers,
        ),
    }
}

/// The [location URL](https://fetch.spec.whatwg.org/#concept-response-location-url).
fn location(request: &Request, response: &Response) -> Result<Option<Url>, Failure> {
    let invalid = || Failure::of_response(Reason::RedirectLocation, response);
    let lines: Vec<&[u8]> = response.headers.values("location").collect();
    let line = match *lines {
        [] => return Ok(None),
        [line] => percent_encode(line),
        _ => return Err(invalid()),
    };
    let mut location = request.url.join(&line).map_err(|_| invalid())?;
    if location.fragment().is_none() {
        location.set_fragment(request.url.fragment());
    }
    Ok(Some(location))
}

/// Encodes the bytes that are not ASCII, as browsers do and the web-platform-tests expect. The
/// standard does not define it.
fn percent_encode(line: &[u8]) -> String {
    line.iter()
        .map(|byte| match byte {
            0x80.. => format!("%{byte:02X}"),
            ascii => char::from(*ascii).to_string(),
        })
        .collect()
}

/// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch).
fn redirect(request: &mut Request, status: u16, location: Url) -> Result<(), Reason> {
    let target = Origin::of(&location);
    if !matches!(location.scheme(), "http" | "https") {
        return Err(Reason::Scheme(location.scheme().to_owned()));
    }
    if request.redirected_from.len() == MAX_REDIRECTS {
        return Err(Reason::TooManyRedirects);
    }
    let is_cross_origin = !request.origin.is_same_origin(&target) && request.mode == Mode::Cors;
    let is_tainted = request.tainting == Tainting::Cors;
    if includes_userinfo(&location) && (is_cross_origin || is_tainted) {
        return Err(Reason::RedirectUserinfo(location.into()));
    }
    let becomes_get = match status {
        301 | 302 => request.method == "POST",
        303 => !matches!(&*request.method, "GET" | "HEAD"),
        _ => false,
    };
    if becomes_get {
        "GET".clone_into(&mut request.method);
        request.body = None;
        for name in BODY_HEADERS {
            request.headers.delete(name);
        }
    }
    if !Origin::of(&request.url).is_same_origin(&target) {
        request.headers.retain(|name| !is_non_wildcard(name));
    }
    let previous = std::mem::replace(&mut request.url, location);
    request.redirected_from.push(previous);
    Ok(())
}
