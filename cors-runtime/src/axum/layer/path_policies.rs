//! The policies of one path, with prepared header values.

use std::ptr;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{ALLOW, HeaderValue};
use axum::response::Response;

use crate::axum::routes::{Handlers, Registration, Responder, UnknownHandlers};
use crate::http::{self, InnerHeaders, LayerContext, OnResponse};
use crate::mounting;
use crate::policy::Policy;
use crate::protocol::{
    ActualHeaders, Denial, OriginVerdict, decide, first_allowed, requested_method,
};
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
    headers: Option<ActualHeaders<HeaderValue>>,
    /// `Allow`, if the response has none. axum's own would include the OPTIONS endpoint.
    allow: Option<HeaderValue>,
    /// Whether only a 405 is changed: any other response is that of an unknown handler.
    only_method_not_allowed: bool,
    /// The headers of an endpoint that may have inner policies.
    inner: Option<InnerHeaders>,
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
        let has_unknown = handlers.unknown != UnknownHandlers::No;
        let default = handlers.default.filter(|_| has_unknown);
        let default = default.map(|policy| mount(Responder::Unknown, policy));
        let allow = handlers.allow().filter(|names| !names.is_empty());
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
        let responder = match requested_method(request) {
            Ok(method) => self.handlers.responder(method),
            Err(denial) => return refuse(denial, request),
        };
        if responder == Responder::NotServed {
            return refuse(Denial::NotServed, request);
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

    /// Decides a request by its policy.
    pub(crate) fn decide(
        &self,
        found: &Mounted<'_>,
        verdict: OriginVerdict,
        request: &mut Request,
    ) -> Decision {
        let (policy, responder) = (found.policy(), found.responder);
        if found.class == Class::Preflight {
            let response = found.policy.preflight(verdict, request);
            return Decision::Respond(response.into_response());
        }
        let mut action = ResponseAction {
            allow: self.allow_of(responder),
            ..ResponseAction::default()
        };
        if responder == Responder::NotServed {
            action.headers = Some(http::not_served(policy, verdict, request));
            return Decision::CallInner(action);
        }
        let result = if self.handlers.is_known(responder) {
            http::actual(policy, verdict, request).map(|it| action.headers = Some(it))
        } else {
            let context = http::outer_actual(policy, verdict, request);
            context.map(|it| action.inner = Some(InnerHeaders(it)))
        };
        match result {
            Ok(()) => {
                if self.is_fallback(responder) {
                    request.extensions_mut().insert(DecidedBy(policy));
                }
                Decision::CallInner(action)
            }
            Err(response) => Decision::Respond(response.into_response()),
        }
    }

    /// Decides a request for a plain handler, or one that no handler serves: axum responds with a
    /// 405, or the user's method fallback responds.
    fn without_policy(&self, responder: Responder, request: &Request) -> Decision {
        let allow = self.allow_of(responder);
        if let Responder::Handler(_) = responder {
            return Decision::CallInner(ResponseAction {
                allow,
                ..ResponseAction::default()
            });
        }
        let policies = self.mounted_policies().map(|mounted| mounted.policy);
        let headers = first_allowed(policies, request);
        let only_method_not_allowed = responder == Responder::Unknown;
        if !only_method_not_allowed && let Some(outer) = LayerContext::of(request) {
            outer.set_headers(headers.as_ref());
        }
        Decision::CallInner(ResponseAction {
            headers,
            allow,
            only_method_not_allowed,
            inner: None,
        })
    }

    /// Returns `Allow`, except for a handler that serves the method by name, as axum does.
    fn allow_of(&self, responder: Responder) -> Option<HeaderValue> {
        let by_name = match self.registration(responder) {
            Some(registration) => !registration.is_catch_all(),
            None => false,
        };
        self.allow.clone().filter(|_| !by_name)
    }

    fn is_fallback(&self, responder: Responder) -> bool {
        self.registration(responder) == Some(Registration::Fallback)
    }

    fn registration(&self, responder: Responder) -> Option<Registration> {
        match responder {
            Responder::Handler(place) => Some(self.handlers.mounted.get(place)?.registration),
            Responder::NotServed | Responder::Unknown => None,
        }
    }
}

fn refuse<'a>(denial: Denial, request: &Request) -> Found<'a> {
    let response = decide::refuse_preflight(denial, None, request);
    Found::Decided(Decision::Respond(response.into_response()))
}

/// The policy by which an outer layer has decided a request for a fallback, in the extensions of
/// the request. The fallback then does not decide it again.
#[derive(Clone, Copy)]
pub(crate) struct DecidedBy(pub(crate) &'static Policy);

impl OnResponse<Response> for ResponseAction {
    fn apply(self, response: &mut Response) {
        if self.only_method_not_allowed && response.status() != StatusCode::METHOD_NOT_ALLOWED {
            return;
        }
        if let Some(allow) = self.allow {
            response.headers_mut().entry(ALLOW).or_insert(allow);
        }
        if let Some(inner) = self.inner {
            inner.apply(response);
        }
        if let Some(headers) = self.headers {
            headers.apply(response.headers_mut());
        }
    }
}
