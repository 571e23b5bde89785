//! Requests to an app in this process, and what can be said about the answers.
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

/// A router, ours or axum's own.
pub(crate) trait App:
    Service<Request, Response = Response, Error = Infallible> + Clone
{
}

impl<S: Service<Request, Response = Response, Error = Infallible> + Clone> App for S {}

/// A request to be.
pub(crate) struct TestRequest {
    request: Request,
}

/// A request without `Origin`, unless [`TestRequest::from`] adds one.
pub(crate) fn request(method: &str, path: &str) -> TestRequest {
    let request = Request::builder().method(method).uri(path);
    TestRequest {
        request: request.body(Body::empty()).expect("a request"),
    }
}

/// What a browser asks before a request of that method.
pub(crate) fn preflight(method: &str, path: &str) -> TestRequest {
    request("OPTIONS", path).header(ACCESS_CONTROL_REQUEST_METHOD, method)
}

impl TestRequest {
    pub(crate) fn from(self, origin: &str) -> Self {
        self.header(ORIGIN, origin)
    }

    /// One more line.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        self.request.headers_mut().append(name, value);
        self
    }

    /// The names of headers that a preflight asks for.
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

/// An answer. The checks can be chained, and each shows the whole answer where it fails.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    /// The lines of a header.
    pub(crate) fn lines(&self, name: &HeaderName) -> Vec<&str> {
        let lines = self.headers.get_all(name).iter();
        lines.map(|line| line.to_str().expect("text")).collect()
    }

    /// The elements of a list, of all its lines together, in lower case and sorted.
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
    pub(crate) fn says(&self, body: &str) -> &Self {
        assert_eq!(self.body, body, "{self:#?}");
        self
    }

    /// One line of that header, with that value.
    #[track_caller]
    pub(crate) fn has(&self, name: &HeaderName, value: &str) -> &Self {
        assert_eq!(self.lines(name), [value], "{name} of {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn lacks(&self, name: &HeaderName) -> &Self {
        assert!(
            !self.headers.contains_key(name),
            "{name} is in the way: {self:#?}"
        );
        self
    }

    /// A list of exactly these elements, in any order and on any number of lines.
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

    /// The page of that origin can read it.
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

    /// No policy was at work here.
    #[track_caller]
    pub(crate) fn is_untouched(&self) -> &Self {
        self.has_no_cors().lacks(&VARY)
    }

    /// A policy was at work, and it does not allow this origin, or the request had none.
    #[track_caller]
    pub(crate) fn is_unreadable(&self) -> &Self {
        self.has_no_cors().vary(&["origin"])
    }

    #[track_caller]
    pub(crate) fn is_permission_for(&self, origin: &str) -> &Self {
        self.is(204).says("").lacks(&ALLOW).allows(origin);
        self.vary(&PREFLIGHT_VARY)
    }

    #[track_caller]
    pub(crate) fn is_refusal(&self) -> &Self {
        self.is(403).says("").lacks(&ALLOW).has_no_cors();
        self.vary(&PREFLIGHT_VARY)
    }
}

fn sorted<'a>(tokens: impl Iterator<Item = &'a str>) -> Vec<String> {
    let tokens = tokens.map(|token| token.trim().to_ascii_lowercase());
    let mut tokens: Vec<_> = tokens.filter(|token| !token.is_empty()).collect();
    tokens.sort();
    tokens
}

/// The answer to a GET from the allowed origin, which it can read; and its preflight passes.
pub(crate) async fn got(app: &impl App, path: &str) -> Reply {
    let reply = request("GET", path).from(APP).to(app).await;
    reply.allows(APP);
    let asked = preflight("GET", path.split('?').next().unwrap_or(path));
    asked.from(APP).to(app).await.is_permission_for(APP);
    let refused = preflight("GET", path).from(STRANGER).to(app).await;
    refused.is_refusal();
    reply
}

/// What a start-up that panics says, and of which file.
pub(crate) struct Panic {
    pub(crate) message: String,
    pub(crate) file: String,
}

thread_local! {
    static LAST_PANIC: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// The panic at start-up, which other tests do not see.
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
    assert!(panic::catch_unwind(start).is_err(), "it started");
    LAST_PANIC.take().expect("noted by the hook")
}

fn text(payload: &dyn Any) -> String {
    let literal = payload.downcast_ref::<&str>().map(ToString::to_string);
    let formatted = payload.downcast_ref::<String>().cloned();
    literal.or(formatted).unwrap_or_default()
}
