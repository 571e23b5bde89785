//! The policies of one path, with prepared header values.

use std::ptr;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::Method;
use axum::http::header::{ALLOW, HeaderMap, HeaderValue};
use axum::response::Response;

use crate::axum::routes::{Handlers, Path, Responder};
use crate::http::{self, CallInner, Scope};
use crate::mounting;
use crate::origins::SourceResults;
use crate::policy::Policy;
use crate::protocol::{
    ActualHeaders, CheckedOrigin, Denial, OriginVerdict, Refusal, decide, requested_method,
};
use crate::request::{self, Class, RequestView as _, classify};

/// The policies of one path.
#[derive(Debug)]
pub(crate) struct PathPolicies {
    handlers: Handlers,
    /// The policies of the handlers, in the same order. `None` for a handler without a policy.
    policies: Vec<Option<MountedPolicy>>,
    /// The default policy, if the path may have handlers that are unknown.
    default: Option<MountedPolicy>,
    /// The value of `Allow` for a method that no handler serves by name. In an `Arc`, because each
    /// request moves it.
    allow: Option<Arc<HeaderValue>>,
}

type MountedPolicy = mounting::MountedPolicy<HeaderMap>;
type Received<'a> = request::Received<'a, Request>;

/// The result of [`PathPolicies::find`].
pub(crate) enum Found<'a> {
    /// The CORS check of a policy decides.
    Policy(Mounted<'a>),
    /// The request does not have a policy.
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
        self.policy.policy()
    }
}

/// The decision of the layer for a request.
pub(crate) enum Decision {
    /// Sends this response.
    Respond(Response),
    /// Calls the inner service.
    CallInner(ResponseAction),
}

impl Decision {
    fn new(headers: Result<Headers, Refusal>, allow: Option<Arc<HeaderValue>>) -> Self {
        match headers {
            Ok(headers) => Self::CallInner(ResponseAction { allow, headers }),
            Err(refusal) => Self::Respond(refusal.to_response()),
        }
    }
}

impl Default for Decision {
    fn default() -> Self {
        Self::CallInner(ResponseAction::default())
    }
}

/// The changes to the response of the inner service. The default changes nothing.
#[derive(Debug, Default)]
pub(crate) struct ResponseAction {
    /// `Allow`, for a response without `Allow`. The `Allow` of axum would include the OPTIONS
    /// endpoint.
    allow: Option<Arc<HeaderValue>>,
    headers: Headers,
}

/// The CORS headers that the layer adds.
#[derive(Debug, Default)]
enum Headers {
    #[default]
    None,
    /// The headers of the path.
    Own(ActualHeaders<HeaderValue>),
    /// The headers of an endpoint that may have inner policies.
    Inner(Scope),
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
        let allow = allow.map(Arc::new);
        Self {
            handlers,
            policies,
            default,
            allow,
        }
    }

    /// Finds the policy of a request, or decides a request without a policy.
    #[inline]
    pub(crate) fn find(&self, received: &Received<'_>) -> Found<'_> {
        match classify(received) {
            Class::Preflight => self.find_preflight(received),
            class @ (Class::NotCors | Class::Actual) => {
                let responder = self.handlers.responder(received.method());
                match self.mounted(responder, class) {
                    Some(mounted) => Found::Policy(mounted),
                    None => Found::Decided(self.without_policy(responder, received)),
                }
            }
        }
    }

    fn find_preflight(&self, received: &Received<'_>) -> Found<'_> {
        let method = match requested_method(received) {
            Ok(method) => method,
            Err(denial) => return refuse(denial, received),
        };
        let responder = self.handlers.responder(method);
        if responder == Responder::NotServed {
            return refuse(Denial::NotServed, received);
        }
        if self.handlers.may_be_foreign(method) {
            return refuse(Denial::SharedPath, received);
        }
        match self.mounted(responder, Class::Preflight) {
            Some(mounted) => Found::Policy(mounted),
            // A handler without a policy. The user's OPTIONS handler, an inner layer or axum's 405
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

    /// Returns the policy of the path if the path has only one policy. Its 405 can wait for an
    /// `ask(..)`.
    fn only_policy(&self) -> Option<&MountedPolicy> {
        let mut policies = self.mounted_policies();
        let first = policies.next()?;
        policies
            .all(|other| ptr::eq(first.policy(), other.policy()))
            .then_some(first)
    }

    fn mounted_policies(&self) -> impl Iterator<Item = &MountedPolicy> + Clone {
        self.policies.iter().chain([&self.default]).flatten()
    }

    /// Decides a request whose policy had to wait for the verdict.
    pub(crate) fn decide_after(&self, checked: CheckedOrigin, request: &Request) -> Decision {
        let CheckedOrigin { verdict, results } = checked;
        let received = Received::new(request);
        match self.find(&received) {
            Found::Policy(found) => self.decide(&found, verdict, results, &received),
            Found::Decided(decision) => decision,
        }
    }

    /// Decides a request by its policy.
    #[inline]
    pub(crate) fn decide(
        &self,
        found: &Mounted<'_>,
        verdict: OriginVerdict,
        results: SourceResults,
        received: &Received<'_>,
    ) -> Decision {
        let Mounted {
            policy: mounted,
            responder,
            class,
        } = *found;
        if class == Class::Preflight {
            let response = mounted.preflight(verdict, received);
            return Decision::Respond(response.into_response());
        }
        let policy = &mounted.prepared;
        let allow = self.allow_of(responder, received.request().method());
        // Under a default policy alone, a method fallback may have an inner policy, as a handler
        // may.
        let headers = if responder == Responder::NotServed && self.handlers.is_annotated() {
            http::not_served(policy, verdict, received).map(Headers::Own)
        } else if self.handlers.is_final(responder) {
            http::actual(policy, verdict, received).map(Headers::Own)
        } else {
            http::outer_actual(policy, verdict, results, received).map(Headers::Inner)
        };
        Decision::new(headers, allow)
    }

    /// Decides a request for a handler without a policy, or for a method that no handler serves. In
    /// the second case, axum responds with a 405, or the user's method fallback responds. The
    /// request is refused if all policies that may apply have `enforce` and deny the request.
    fn without_policy(&self, responder: Responder, received: &Received<'_>) -> Decision {
        let allow = self.allow_of(responder, received.request().method());
        let headers = match responder {
            Responder::NotServed => self.method_not_allowed(received),
            Responder::Unknown | Responder::Ambiguous => self.uncertain(received),
            Responder::Handler(_) => Ok(Headers::None),
        };
        Decision::new(headers, allow)
    }

    /// Decides a request whose handler is not known, and so its policy.
    fn uncertain(&self, received: &Received<'_>) -> Result<Headers, Refusal> {
        let candidates = self.handlers.candidates(received.method());
        let refusal = http::refused_by_all(candidates, received);
        refusal.map_or(Ok(Headers::None), Err)
    }

    fn method_not_allowed(&self, received: &Received<'_>) -> Result<Headers, Refusal> {
        let policies = self.mounted_policies();
        let policies = policies.map(|mounted| mounted.prepared.clone());
        let headers = http::first_allowed(policies, received)?;
        Ok(headers.map_or(Headers::None, Headers::Own))
    }

    /// Returns the value of `Allow` as axum would set it: not for a handler that is registered for
    /// the method. On a path that is shared with a router of axum's own, only axum knows all
    /// methods. axum does not add `Allow` to the responses of the OPTIONS endpoint.
    fn allow_of(&self, responder: Responder, method: &Method) -> Option<Arc<HeaderValue>> {
        let handler = self.handlers.handler(responder);
        let by_name = handler.is_some_and(|it| !it.registration.is_catch_all());
        let is_axums = self.handlers.path == Path::Shared && method != Method::OPTIONS;
        self.allow.clone().filter(|_| !by_name && !is_axums)
    }
}

fn refuse<'a>(denial: Denial, received: &Received<'_>) -> Found<'a> {
    let refusal = decide::refuse_preflight(denial, None, received);
    Found::Decided(Decision::Respond(refusal.to_response()))
}

impl CallInner for ResponseAction {
    fn prepare<Q>(&self, request: &mut axum::http::Request<Q>) {
        match &self.headers {
            Headers::None | Headers::Own(_) => {}
            Headers::Inner(scope) => scope.prepare(request),
        }
    }

    fn apply<B>(self, response: &mut axum::http::Response<B>) {
        if let Some(allow) = self.allow {
            let allow = || HeaderValue::clone(&allow);
            response.headers_mut().entry(ALLOW).or_insert_with(allow);
        }
        match self.headers {
            Headers::None => {}
            Headers::Own(headers) => headers.apply(response.headers_mut()),
            Headers::Inner(scope) => scope.apply(response),
        }
    }
}
