//! One annotated path, every header value made: what its requests are judged by.

use std::str;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{ALLOW, HeaderValue};
use axum::response::Response;

use super::table::{Handlers, Owner};
use crate::decision::{self, AllowMethods};
use crate::denial::{Denial, Outcome};
use crate::future;
use crate::http::{self, Actual, Advertised};
use crate::policy::Policy;
use crate::reply;
use crate::request::{self, Class};

/// One annotated path.
#[derive(Debug)]
pub(crate) struct Path {
    handlers: Handlers,
    /// By the place of the handler; `None` for those without a policy.
    rules: Vec<Option<Rules>>,
    /// The value of `Allow` for what no handler serves by name.
    allow: Option<HeaderValue>,
}

/// The policy of one handler on this path.
#[derive(Debug)]
struct Rules {
    policy: &'static Policy,
    /// `None`: any.
    methods: Option<Vec<&'static str>>,
    advertised: Advertised,
}

/// What is done about a request.
pub(crate) enum Verdict {
    /// It is answered here.
    Answer(Response),
    /// It goes on to axum, and the response comes by here again.
    Inward(After),
}

impl Default for Verdict {
    fn default() -> Self {
        Self::Inward(After::default())
    }
}

/// What is done about the response. By default nothing.
#[derive(Debug, Default)]
pub(crate) struct After {
    /// The headers of a policy.
    actual: Option<Actual>,
    /// `Allow`, if there is none yet. axum's own would count our OPTIONS endpoint.
    allow: Option<HeaderValue>,
    /// Only for a 405: else somebody unknown has served it after all.
    unless_served: bool,
}

impl Path {
    pub(crate) fn new(handlers: Handlers) -> Self {
        let rules = handlers.mounted.iter().enumerate();
        let rules = rules.map(|(place, it)| Some(Rules::new(&handlers, place, it.policy()?)));
        let allow = handlers.allow().and_then(|names| joined(&names, ","));
        Self {
            rules: rules.collect(),
            handlers,
            allow,
        }
    }

    pub(crate) fn judge(&self, sent: &Request) -> Verdict {
        match request::classify(sent) {
            Class::Preflight => self.preflight(sent),
            Class::NotCors | Class::Actual => self.actual(sent),
        }
    }

    fn preflight(&self, request: &Request) -> Verdict {
        let refuse = |denial| Verdict::Answer(reply::refuse(denial, None, request).into_response());
        let method = match decision::requested_method(request).map(str::from_utf8) {
            Some(Ok(method)) => method,
            Some(Err(_)) => return refuse(Denial::NotServed),
            None => return refuse(Denial::TwoMethods),
        };
        let place = match self.handlers.owner(method) {
            Owner::Handler(place) => place,
            Owner::Unknown => return Verdict::default(),
            Owner::Nobody => return refuse(Denial::NotServed),
        };
        match self.rules(place) {
            Some(Rules {
                policy,
                methods,
                advertised,
            }) => {
                let methods = methods
                    .as_deref()
                    .map_or(AllowMethods::Any, AllowMethods::Names);
                let reply = reply::preflight(policy, methods, advertised, request);
                Verdict::Answer(reply.into_response())
            }
            // Somebody else's business: the user's OPTIONS handler, an inner layer, axum's 405.
            None => Verdict::default(),
        }
    }

    fn actual(&self, request: &Request) -> Verdict {
        let after = match self.handlers.owner(request.method().as_str()) {
            Owner::Handler(place) => {
                let actual = self.rules(place).map(|it| http::actual(it.policy, request));
                let actual = match actual.transpose() {
                    Ok(actual) => actual,
                    Err(reply) => return Verdict::Answer(reply.into_response()),
                };
                let is_rest = self.handlers.mounted[place].serves.is_rest();
                After {
                    actual,
                    allow: self.allow.clone().filter(|_| is_rest),
                    unless_served: false,
                }
            }
            // axum's 405, or the user's method fallback.
            owner => {
                let unless_served = matches!(owner, Owner::Unknown);
                let actual = self.first_that_allows(request);
                if !unless_served {
                    http::hand_over(request, actual.as_ref());
                }
                After {
                    actual,
                    allow: self.allow.clone(),
                    unless_served,
                }
            }
        };
        Verdict::Inward(after)
    }

    /// For what no handler answers: the first policy that allows the origin, else the first.
    fn first_that_allows(&self, request: &Request) -> Option<Actual> {
        let policies = || self.rules.iter().flatten().map(|rules| rules.policy);
        let answer = |policy| reply::headers(policy, request);
        let allows = |actual: &Actual| actual.allow_origin.is_some();
        let mut first = policies()
            .map(answer)
            .find(allows)
            .or_else(|| policies().next().map(answer))?;
        if let Some((denial, location)) = first.denial {
            denial.report(Outcome::NoHeaders, Some(location), request);
        }
        // Which of them it is depends on the origin, unless all say `*`.
        first.vary = policies().any(Policy::varies);
        Some(first)
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
        let value = match &methods {
            Some(methods) => joined(methods, ", "),
            None => Some(HeaderValue::from_static("*")),
        };
        Self {
            policy,
            methods,
            advertised: Advertised::new(policy, value, max_age),
        }
    }
}

fn joined(names: &[&str], separator: &str) -> Option<HeaderValue> {
    let value = (!names.is_empty()).then(|| names.join(separator))?;
    HeaderValue::try_from(value).ok()
}

impl future::After<Response> for After {
    fn apply(self, response: &mut Response) {
        if self.unless_served && response.status() != StatusCode::METHOD_NOT_ALLOWED {
            return;
        }
        if let Some(allow) = self.allow {
            response.headers_mut().entry(ALLOW).or_insert(allow);
        }
        if let Some(actual) = self.actual {
            actual.apply(response.headers_mut());
        }
    }
}
