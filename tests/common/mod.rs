//! Sends requests to an app in this process, and checks the responses.
#![allow(dead_code, reason = "every binary uses a part of this")]

use std::any::Any;
use std::cell::RefCell;
use std::convert::Infallible;
use std::panic::{self, Location, UnwindSafe};
use std::sync::Once;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CONTENT_TYPE, ORIGIN,
    VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt;
use tower::{Service, ServiceExt};

/// The origins of the tests.
pub(crate) const APP: &str = "https://app.example";
pub(crate) const ADMIN: &str = "https://admin.example";
pub(crate) const STRANGER: &str = "https://stranger.example";

const PREFLIGHT_VARY: [&str; 3] = [
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
];

/// A router of this crate or of axum.
pub(crate) trait App:
    Service<Request, Response = Response, Error = Infallible> + Clone
{
}

impl<S: Service<Request, Response = Response, Error = Infallible> + Clone> App for S {}

/// A request that is being built.
pub(crate) struct TestRequest {
    request: Request,
}

/// Creates a request without `Origin`.
pub(crate) fn request(method: &str, path: &str) -> TestRequest {
    let request = Request::builder().method(method).uri(path);
    TestRequest {
        request: request.body(Body::empty()).expect("a request"),
    }
}

/// Creates a preflight for a method.
pub(crate) fn preflight(method: &str, path: &str) -> TestRequest {
    request("OPTIONS", path).header(ACCESS_CONTROL_REQUEST_METHOD, method)
}

impl TestRequest {
    pub(crate) fn from(self, origin: &str) -> Self {
        self.header(ORIGIN, origin)
    }

    /// Adds a header line.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        self.request.headers_mut().append(name, value);
        self
    }

    /// Adds the requested header names of a preflight.
    pub(crate) fn with_headers(self, names: &str) -> Self {
        self.header(ACCESS_CONTROL_REQUEST_HEADERS, names)
    }

    pub(crate) fn body(mut self, body: &'static str) -> Self {
        *self.request.body_mut() = Body::from(body);
        self
    }

    pub(crate) fn json(self, body: &'static str) -> Self {
        self.header(CONTENT_TYPE, "application/json").body(body)
    }

    pub(crate) async fn to(self, app: &impl App) -> Reply {
        let Ok(response) = app.clone().oneshot(self.request).await;
        let (parts, body) = response.into_parts();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.expect("a body").to_bytes(),
        }
    }
}

/// A response. The checks can be chained. A failed check prints the whole response.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    /// Returns the lines of a header.
    pub(crate) fn lines(&self, name: &HeaderName) -> Vec<&str> {
        let lines = self.headers.get_all(name).iter();
        lines.map(|line| line.to_str().expect("text")).collect()
    }

    /// Returns the elements of a list from all of its lines, in lower case and sorted.
    pub(crate) fn tokens(&self, name: &HeaderName) -> Vec<String> {
        let lines = self.lines(name);
        let tokens = lines.iter().flat_map(|line| line.split(','));
        sorted(tokens)
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn has_body(&self, body: &str) -> &Self {
        assert_eq!(self.body, body, "{self:#?}");
        self
    }

    /// Asserts that the header has one line, with this value.
    #[track_caller]
    pub(crate) fn has(&self, name: &HeaderName, value: &str) -> &Self {
        assert_eq!(self.lines(name), [value], "{name} of {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn lacks(&self, name: &HeaderName) -> &Self {
        assert!(
            !self.headers.contains_key(name),
            "unexpected {name}: {self:#?}"
        );
        self
    }

    /// Asserts that the list has exactly these elements, in any order and on any number of lines.
    #[track_caller]
    pub(crate) fn lists(&self, name: &HeaderName, elements: &[&str]) -> &Self {
        let expected = sorted(elements.iter().copied());
        assert_eq!(self.tokens(name), expected, "{name} of {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn vary(&self, names: &[&str]) -> &Self {
        self.lists(&VARY, names)
    }

    #[track_caller]
    pub(crate) fn methods(&self, names: &[&str]) -> &Self {
        self.lists(&ACCESS_CONTROL_ALLOW_METHODS, names)
    }

    #[track_caller]
    pub(crate) fn allowed_headers(&self, names: &[&str]) -> &Self {
        self.lists(&ACCESS_CONTROL_ALLOW_HEADERS, names)
    }

    #[track_caller]
    pub(crate) fn exposes(&self, names: &[&str]) -> &Self {
        self.lists(&ACCESS_CONTROL_EXPOSE_HEADERS, names)
    }

    #[track_caller]
    pub(crate) fn max_age(&self, seconds: &str) -> &Self {
        self.has(&ACCESS_CONTROL_MAX_AGE, seconds)
    }

    #[track_caller]
    pub(crate) fn credentials(&self) -> &Self {
        self.has(&ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
    }

    /// Asserts that a page of the origin can read the response.
    #[track_caller]
    pub(crate) fn allows(&self, origin: &str) -> &Self {
        self.has(&ACCESS_CONTROL_ALLOW_ORIGIN, origin)
    }

    #[track_caller]
    pub(crate) fn has_no_cors(&self) -> &Self {
        let ours = |name: &&HeaderName| name.as_str().starts_with("access-control-");
        let found: Vec<_> = self.headers.keys().filter(ours).collect();
        assert!(found.is_empty(), "{found:?} of {self:#?}");
        self
    }

    /// Asserts that no policy was applied.
    #[track_caller]
    pub(crate) fn is_without_policy(&self) -> &Self {
        self.has_no_cors().lacks(&VARY)
    }

    /// Asserts that a policy was applied that denies the origin, or that the request had no origin.
    #[track_caller]
    pub(crate) fn is_denied(&self) -> &Self {
        self.has_no_cors().vary(&["origin"])
    }

    #[track_caller]
    pub(crate) fn is_allowed_preflight(&self, origin: &str) -> &Self {
        self.is(204).has_body("").lacks(&ALLOW).allows(origin);
        self.vary(&PREFLIGHT_VARY)
    }

    #[track_caller]
    pub(crate) fn is_refused_preflight(&self) -> &Self {
        self.is(403).has_body("").lacks(&ALLOW).has_no_cors();
        self.vary(&PREFLIGHT_VARY)
    }
}

fn sorted<'a>(tokens: impl Iterator<Item = &'a str>) -> Vec<String> {
    let tokens = tokens.map(|token| token.trim().to_ascii_lowercase());
    let mut tokens: Vec<_> = tokens.filter(|token| !token.is_empty()).collect();
    tokens.sort();
    tokens
}

/// Sends a GET and its preflight from the allowed origin, and asserts that both are allowed.
/// Returns the response to the GET.
pub(crate) async fn get_allowed(app: &impl App, path: &str) -> Reply {
    let reply = request("GET", path).from(APP).to(app).await;
    reply.allows(APP);
    let sent = preflight("GET", path.split('?').next().unwrap_or(path));
    sent.from(APP).to(app).await.is_allowed_preflight(APP);
    let refused = preflight("GET", path).from(STRANGER).to(app).await;
    refused.is_refused_preflight();
    reply
}

/// The message of a panic, and the file of its location.
pub(crate) struct Panic {
    pub(crate) message: String,
    pub(crate) file: String,
}

thread_local! {
    static LAST_PANIC: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// Returns the panic of a function.
pub(crate) fn panic_of<T>(start: impl FnOnce() -> T + UnwindSafe) -> Panic {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let default = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            LAST_PANIC.set(Some(Panic {
                message: text(info.payload()),
                file: info.location().map_or("", Location::file).to_owned(),
            }));
            default(info);
        }));
    });
    LAST_PANIC.take();
    assert!(panic::catch_unwind(start).is_err(), "no panic");
    LAST_PANIC.take().expect("set by the hook")
}

fn text(payload: &dyn Any) -> String {
    let literal = payload.downcast_ref::<&str>().map(ToString::to_string);
    let formatted = payload.downcast_ref::<String>().cloned();
    literal.or(formatted).unwrap_or_default()
}
