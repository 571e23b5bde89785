//! What requests are judged by: the table of a finished router, every header value made.

use std::collections::{BTreeMap, HashMap};
use std::str;
use std::sync::Arc;

use axum::extract::{MatchedPath, NestedPath, Request};
use axum::http::StatusCode;
use axum::http::header::{ALLOW, HeaderValue};
use axum::response::Response;

use super::table::{Handlers, METHODS, Others, Owner};
use crate::decision::{self, AllowMethods, Class};
use crate::denial::Denial;
use crate::headers::{Actual, Advertised};
use crate::http;
use crate::policy::Policy;

/// The annotated paths of a router, in its own frame: without the prefix at which it may be nested.
#[derive(Default)]
pub(crate) struct Paths {
    routes: HashMap<String, Path>,
    /// Prefix to fallback, where one of them is annotated. axum matches fallbacks by the same crate.
    fallbacks: matchit::Router<Option<Arc<Path>>>,
    has_fallbacks: bool,
}

impl Paths {
    /// Adds a path, if one of its handlers is annotated.
    pub(crate) fn add_route(&mut self, path: String, mut handlers: Handlers, others: Others) {
        if handlers.is_annotated() {
            handlers.others = handlers.others.max(others);
            self.routes.insert(path, Path::new(handlers));
        }
    }

    /// Adds all fallbacks, if one of them is annotated: a plain one hides another that is further out.
    pub(crate) fn add_fallbacks(&mut self, fallbacks: BTreeMap<String, Handlers>) {
        if !fallbacks.values().any(Handlers::is_annotated) {
            return;
        }
        self.has_fallbacks = true;
        for (prefix, handlers) in fallbacks {
            let path = handlers
                .is_annotated()
                .then(|| Arc::new(Path::new(handlers)));
            let below = format!("{}/{{*rest}}", prefix.trim_end_matches('/'));
            for pattern in [prefix, below] {
                // axum has put the same patterns into a matcher of the same kind.
                let inserted = self.fallbacks.insert(pattern, path.clone());
                debug_assert!(inserted.is_ok(), "{inserted:?}");
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.routes.is_empty() && !self.has_fallbacks
    }

    pub(crate) fn find(&self, request: &Request) -> Option<&Path> {
        match request.extensions().get::<MatchedPath>() {
            Some(matched) => {
                let nested = request.extensions().get::<NestedPath>();
                self.routes.get(own_frame(matched.as_str(), nested))
            }
            // No route was matched, so that a fallback serves the request.
            None => self
                .fallbacks
                .at(request.uri().path())
                .ok()?
                .value
                .as_deref(),
        }
    }
}

/// axum's own match, less where this router is nested in another one.
fn own_frame<'a>(matched: &'a str, nested: Option<&NestedPath>) -> &'a str {
    let prefix = nested.map_or("", |nested| nested.as_str().trim_end_matches('/'));
    match matched.strip_prefix(prefix) {
        Some("") => "/",
        Some(path) => path,
        None => matched,
    }
}

/// One annotated path.
#[derive(Debug)]
pub(crate) struct Path {
    handlers: Handlers,
    /// By the place of the handler; `None` for those without a policy.
    rules: Vec<Option<Rules>>,
    /// The value of `Allow` where nobody serves the method. axum's own would count our OPTIONS endpoint.
    allow: Option<HeaderValue>,
}

/// The policy of one handler on this path.
#[derive(Debug)]
struct Rules {
    policy: &'static Policy,
    methods: Vec<&'static str>,
    advertised: Advertised,
}

/// What is done about a request.
pub(crate) enum Verdict {
    /// It is answered here.
    Answer(Response),
    /// It goes on to axum, and the response comes by here again.
    Inward(After),
}

/// What is done about the response.
#[derive(Debug)]
pub(crate) enum After {
    Untouched,
    Headers(Actual),
    /// Nobody serves the method: the answer is axum's 405, or the user's method fallback.
    NotAllowed {
        actual: Option<Actual>,
        /// Somebody unknown may have served it after all: only a 405 is nobody's.
        unless_served: bool,
        allow: Option<HeaderValue>,
    },
}

impl Path {
    pub(crate) fn new(handlers: Handlers) -> Self {
        let rules = handlers.mounted.iter().enumerate();
        let rules = rules.map(|(place, it)| Some(Rules::new(&handlers, place, it.policy?)));
        let allow = allow(&handlers);
        Self {
            rules: rules.collect(),
            handlers,
            allow,
        }
    }

    pub(crate) fn judge(&self, request: &Request) -> Verdict {
        match decision::classify(request) {
            Class::Preflight => self.preflight(request),
            Class::NotCors | Class::Actual => Verdict::Inward(self.actual(request)),
        }
    }

    fn preflight(&self, request: &Request) -> Verdict {
        let method = decision::requested_method(request).map(str::from_utf8);
        let Some(Ok(method)) = method else {
            let denial = if method.is_none() {
                Denial::TwoMethods
            } else {
                Denial::NotServed
            };
            return Verdict::Answer(http::refuse(denial, None, request));
        };
        let place = match self.handlers.owner(method) {
            Owner::Handler(place) => place,
            Owner::Unknown => return Verdict::Inward(After::Untouched),
            Owner::Nobody => {
                return Verdict::Answer(http::refuse(Denial::NotServed, None, request));
            }
        };
        match self.rules(place) {
            Some(Rules {
                policy,
                methods,
                advertised,
            }) => {
                let methods = AllowMethods::Names(methods);
                Verdict::Answer(http::preflight(policy, methods, advertised, request))
            }
            // Somebody else's business: the user's OPTIONS handler, an inner layer, axum's 405.
            None => Verdict::Inward(After::Untouched),
        }
    }

    fn actual(&self, request: &Request) -> After {
        match self.handlers.owner(request.method().as_str()) {
            Owner::Handler(place) => match self.rules(place) {
                Some(rules) => After::Headers(http::actual(rules.policy, request)),
                None => After::Untouched,
            },
            owner => After::NotAllowed {
                actual: self.first_that_allows(request),
                unless_served: matches!(owner, Owner::Unknown),
                allow: self.allow.clone(),
            },
        }
    }

    /// For what no handler answers: the first policy that allows the origin, else the first.
    fn first_that_allows(&self, request: &Request) -> Option<Actual> {
        let policies = self.rules.iter().flatten().map(|rules| rules.policy);
        let mut answers = policies.map(|policy| http::actual(policy, request));
        let first = answers.next()?;
        if first.allow_origin.is_some() {
            return Some(first);
        }
        Some(
            answers
                .find(|answer| answer.allow_origin.is_some())
                .unwrap_or(first),
        )
    }

    fn rules(&self, place: usize) -> Option<&Rules> {
        self.rules.get(place)?.as_ref()
    }
}

impl Rules {
    fn new(handlers: &Handlers, place: usize, policy: &'static Policy) -> Self {
        let methods = handlers.advertised(place, policy);
        let max_age = if handlers.must_not_cache(place, policy) {
            Some("0")
        } else {
            policy.0.max_age
        };
        let advertised = Advertised {
            methods: joined(&methods, ", "),
            headers: policy.allow_headers().map(HeaderValue::from_static),
            max_age: max_age.map(HeaderValue::from_static),
        };
        Self {
            policy,
            methods,
            advertised,
        }
    }
}

fn allow(handlers: &Handlers) -> Option<HeaderValue> {
    if handlers.others != Others::No {
        return None;
    }
    let served = METHODS.iter().map(|(name, _)| *name);
    let served = served.filter(|name| matches!(handlers.owner(name), Owner::Handler(_)));
    joined(&served.collect::<Vec<_>>(), ",")
}

fn joined(names: &[&str], separator: &str) -> Option<HeaderValue> {
    let value = (!names.is_empty()).then(|| names.join(separator))?;
    HeaderValue::try_from(value).ok()
}

impl After {
    pub(crate) fn apply(self, response: &mut Response) {
        match self {
            Self::Untouched => {}
            Self::Headers(actual) => actual.apply(response.headers_mut()),
            Self::NotAllowed {
                actual,
                unless_served,
                allow,
            } => {
                if unless_served && response.status() != StatusCode::METHOD_NOT_ALLOWED {
                    return;
                }
                if let Some(allow) = allow {
                    response.headers_mut().entry(ALLOW).or_insert(allow);
                }
                if let Some(actual) = actual {
                    actual.apply(response.headers_mut());
                }
            }
        }
    }
}
