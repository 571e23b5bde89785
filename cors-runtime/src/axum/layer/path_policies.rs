//! The policies of one path, with prepared header values.

use std::ptr;

use axum::extract::Request;
use axum::http::Method;
use axum::http::header::{ALLOW, HeaderValue};
use axum::response::Response;

use crate::axum::routes::{Handlers, Path, Responder};
use crate::http::{self, InnerHeaders, LayerContext, OnResponse};
use crate::mounting;
use crate::policy::Policy;
use crate::protocol::{ActualHeaders, CheckedOrigin, Denial, decide, requested_method};
use crate::request::{Class, classify};

/// The policies of one path.
#[derive(Debug)]
pub(crate) struct PathPolicies {
    handlers: Handlers,
    /// The policies of the handlers, in the same order; `None` for a handler without one.
    policies: Vec<Option<MountedPolicy>>,
    /// The default policy, if the path may have handlers that are unknown.
    default: Option<MountedPolicy>,
    /// The value of `Allow` for a method that no handler serves by name.
    allow: Option<HeaderValue>,
}

type MountedPolicy = mounting::MountedPolicy<HeaderValue>;

/// How a request is decided.
pub(crate) enum Found<'a> {
    /// By a policy and its CORS check.
    Policy(Mounted<'a>),
    /// Without one.
    Decided(Decision),
}

/// The mounted policy of the handler that a request, or the actual request of a preflight, is for.
pub(crate) struct Mounted<'a> {
    policy: &'a MountedPolicy,
    responder: Responder,
    class: Class,
}

impl Mounted<'_> {
    pub(crate) fn policy(&self) -> &'static Policy {
        self.policy.policy
    }
}

/// What the layer does with a request.
pub(crate) enum Decision {
    /// Sends this response.
    Respond(Response),
    /// Calls the inner service.
    CallInner(ResponseAction),
}

impl Default for Decision {
    fn default() -> Self {
        Self::CallInner(ResponseAction::default())
    }
}

/// What the layer does with the response of the inner service. By default nothing.
#[derive(Debug, Default)]
pub(crate) struct ResponseAction {
    /// `Allow`, if the response has none. axum's own would include the OPTIONS endpoint.
    allow: Option<HeaderValue>,
    headers: Headers,
}

/// The CORS headers that the layer adds.
#[derive(Debug, Default)]
enum Headers {
    #[default]
    None,
    /// Those of the path.
    Own(ActualHeaders<HeaderValue>),
    /// Those of an endpoint that may have inner policies.
    Inner(InnerHeaders),
}

impl PathPolicies {
    pub(crate) fn new(handlers: Handlers) -> Self {
        let mount = |responder, policy| {
            let methods = handlers.allow_methods(responder, policy);
            let forbids_caching = handlers.forbids_caching(responder, policy);
            MountedPolicy::new(policy, methods, forbids_caching)
        };
        let policies = handlers.mounted.iter().enumerate();
        let policies = policies.map(|(place, handler)| {
            let policy = handler.policy()?;
            Some(mount(Responder::Handler(place), policy))
        });
        let policies = policies.collect();
        let default = handlers.unknown.policy();
        let default = default.map(|policy| mount(Responder::Unknown, policy));
        let allow = handlers.allow();
        let allow = allow.and_then(|names| HeaderValue::try_from(names.join(",")).ok());
        Self {
            handlers,
            policies,
            default,
            allow,
        }
    }

    /// Finds the policy of a request, or decides it if it has none.
    pub(crate) fn find(&self, request: &Request) -> Found<'_> {
        match classify(request) {
            Class::Preflight => self.find_preflight(request),
            class @ (Class::NotCors | Class::Actual) => {
                let responder = self.handlers.responder(request.method().as_str());
                match self.mounted(responder, class) {
                    Some(mounted) => Found::Policy(mounted),
                    None => Found::Decided(self.without_policy(responder, request)),
                }
            }
        }
    }

    fn find_preflight(&self, request: &Request) -> Found<'_> {
        let method = match requested_method(request) {
            Ok(method) => method,
            Err(denial) => return refuse(denial, request),
        };
        let responder = self.handlers.responder(method);
        if responder == Responder::NotServed {
            return refuse(Denial::NotServed, request);
        }
        if self.handlers.may_be_foreign(method) {
            return refuse(Denial::SharedPath, request);
        }
        match self.mounted(responder, Class::Preflight) {
            Some(mounted) => Found::Policy(mounted),
            // A handler without a policy: the user's OPTIONS handler, an inner layer or axum's 405
            // responds.
            None => Found::Decided(Decision::default()),
        }
    }

    fn mounted(&self, responder: Responder, class: Class) -> Option<Mounted<'_>> {
        let policy = match responder {
            Responder::Handler(place) => self.policies.get(place)?.as_ref()?,
            Responder::Unknown => self.default.as_ref()?,
            Responder::NotServed => self.only_policy()?,
            Responder::Ambiguous => return None,
        };
        Some(Mounted {
            policy,
            responder,
            class,
        })
    }

    /// Returns the policy of the path, if it has one and no other. Its 405 can wait for an
    /// `ask(..)`.
    fn only_policy(&self) -> Option<&MountedPolicy> {
        let mut policies = self.mounted_policies();
        let first = policies.next()?;
        policies
            .all(|other| ptr::eq(first.policy, other.policy))
            .then_some(first)
    }

    fn mounted_policies(&self) -> impl Iterator<Item = &MountedPolicy> + Clone {
        self.policies.iter().chain([&self.default]).flatten()
    }

    /// Decides a request whose policy had to wait for the verdict.
    pub(crate) fn decide_after(&self, checked: CheckedOrigin, request: &mut Request) -> Decision {
        match self.find(request) {
            Found::Policy(mounted) => self.decide(&mounted, checked, request),
            Found::Decided(decision) => decision,
        }
    }

    /// Decides a request by its policy.
    pub(crate) fn decide(
        &self,
        found: &Mounted<'_>,
        checked: CheckedOrigin,
        request: &mut Request,
    ) -> Decision {
        let (policy, responder, verdict) = (found.policy(), found.responder, checked.verdict);
        if found.class == Class::Preflight {
            let response = found.policy.preflight(verdict, request);
            return Decision::Respond(response.into_response());
        }
        let allow = self.allow_of(responder, request);
        let headers = if responder == Responder::NotServed {
            Ok(Headers::Own(http::not_served(policy, verdict, request)))
        } else if self.handlers.is_known(responder) {
            http::actual(policy, verdict, request).map(Headers::Own)
        } else {
            let context = http::outer_actual(policy, checked, request);
            context.map(|context| Headers::Inner(InnerHeaders(context)))
        };
        match headers {
            Ok(headers) => Decision::CallInner(ResponseAction { allow, headers }),
            Err(response) => Decision::Respond(response.into_response()),
        }
    }

    /// Decides a request for a handler without a policy, or one that no handler serves: axum
    /// responds with a 405, or the user's method fallback responds.
    fn without_policy(&self, responder: Responder, request: &Request) -> Decision {
        let allow = self.allow_of(responder, request);
        let headers = match responder {
            Responder::NotServed => self.method_not_allowed(request),
            Responder::Handler(_) | Responder::Unknown | Responder::Ambiguous => Headers::None,
        };
        Decision::CallInner(ResponseAction { allow, headers })
    }

    fn method_not_allowed(&self, request: &Request) -> Headers {
        let policies = self.mounted_policies().map(|mounted| mounted.policy);
        let headers = http::first_allowed(policies, request);
        if let Some(outer) = LayerContext::of(request) {
            outer.set_headers(headers.as_ref());
        }
        headers.map_or(Headers::None, Headers::Own)
    }

    /// Returns `Allow`, except for a handler that is registered for the method, as axum does. On a
    /// path that a router of axum's own shares, only axum knows every method, but adds no `Allow`
    /// to the responses of the OPTIONS endpoint.
    fn allow_of(&self, responder: Responder, request: &Request) -> Option<HeaderValue> {
        let handler = self.handlers.handler(responder);
        let by_name = handler.is_some_and(|it| !it.registration.is_catch_all());
        let is_axums = self.handlers.path == Path::Shared && request.method() != Method::OPTIONS;
        self.allow.clone().filter(|_| !by_name && !is_axums)
    }
}

fn refuse<'a>(denial: Denial, request: &Request) -> Found<'a> {
    let response = decide::refuse_preflight(denial, None, request);
    Found::Decided(Decision::Respond(response.into_response()))
}

impl OnResponse<Response> for ResponseAction {
    fn apply(self, response: &mut Response) {
        if let Some(allow) = self.allow {
            response.headers_mut().entry(ALLOW).or_insert(allow);
        }
        match self.headers {
            Headers::None => {}
            Headers::Own(headers) => headers.apply(response.headers_mut()),
            Headers::Inner(inner) => inner.apply(response),
        }
    }
}
