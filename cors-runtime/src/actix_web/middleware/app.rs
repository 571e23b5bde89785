//! The policies of everything inside of an app, a scope or a resource. See
//! [`Cors`](crate::actix_web::Cors).

use std::cell::OnceCell;
use std::rc::Rc;

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;

use super::{Action, Decide, Decision, Found, LayerContext, ResponseAction};
use crate::actix_web::routes::{AnnotatedRoute, Registry, first_pattern, responder};
use crate::actix_web::view::{ActualHeaders, MountedPolicy, View};
use crate::policy::Policy;
use crate::protocol::{
    Denial, Event, OriginVerdict, cors_check, decide, first_allowed, requested_method,
};
use crate::request::{Class, RequestView as _, classify};

/// The middleware of one app, whose registry it looks up once.
#[derive(Clone)]
pub struct AppCors {
    default: Option<&'static Policy>,
    registry: OnceCell<Option<Rc<Registry>>>,
}

/// What is known about a request before it is routed.
enum RouteMatch {
    /// An annotated handler serves it, by its index in the route.
    Annotated(Rc<AnnotatedRoute>, usize),
    /// A plain handler serves it, or none; or its path has no policy.
    Plain,
    /// A resource serves its path, but not its method.
    NotServed(Rc<AnnotatedRoute>),
    /// No annotated handler serves its method, on a path with annotated handlers. A plain handler
    /// with a route macro may.
    MaybePlain,
    /// Guards decide. They are code of the user, which must not run before authentication.
    Unsure,
}

/// The endpoint that is expected to serve a request.
pub enum Endpoint {
    Preflight(Rc<AnnotatedRoute>, usize),
    /// A preflight for an endpoint without a policy.
    DefaultPreflight,
    Actual(Expected),
    /// A resource with one policy that does not serve the method.
    NotServed(Expected),
}

/// What the middleware expects of a request that it passes on.
pub struct Expected {
    context: LayerContext,
    kind: ExpectedKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ExpectedKind {
    /// An annotated handler.
    Handler,
    /// An annotated handler whose path is that of its scope.
    ScopeHandler,
    /// An endpoint under the default policy.
    Default,
}

impl AppCors {
    pub(crate) fn new(default: Option<&'static Policy>) -> Self {
        Self {
            default,
            registry: OnceCell::new(),
        }
    }

    fn registry(&self, request: &HttpRequest) -> Option<&Rc<Registry>> {
        let registry = self.registry.get_or_init(|| Registry::of_request(request));
        registry.as_ref()
    }

    fn match_route(&self, request: &ServiceRequest, method: &str) -> RouteMatch {
        let Some(registry) = self.registry(request.request()) else {
            return RouteMatch::Plain;
        };
        let (root, path) = (request.resource_map(), request.match_info().as_str());
        if registry.may_be_hidden(root, path) {
            return RouteMatch::Unsure;
        }
        let first = first_pattern(root, path);
        let group = first.map_or(&[][..], |first| registry.group(&first));
        // A middleware of a scope does not decide what is outside of the scope.
        let taken = path.len() - request.match_info().unprocessed().len();
        let is_inside = |route: &AnnotatedRoute| route.pattern.scopes_len(path) >= Some(taken);
        if group.is_empty() || !group.iter().all(|route| is_inside(route)) {
            return RouteMatch::Plain;
        }
        let is_first = |route: &AnnotatedRoute| route.pattern.is_in_first_scope(root, path);
        if !group.iter().all(|route| is_first(route)) {
            return RouteMatch::Unsure;
        }
        match_method(group, method)
    }

    /// Returns whether an annotated handler may serve a path that matches a plain handler first,
    /// for example for another method.
    fn may_serve(&self, request: &ServiceRequest, method: &str) -> bool {
        let registry = self.registry(request.request());
        let path = request.match_info().as_str();
        registry.is_some_and(|registry| registry.may_serve(path, method))
    }

    fn find_preflight(&self, request: &ServiceRequest) -> Found<Endpoint> {
        let refuse = |denial| Found::Decided(Decision::refuse_preflight(denial, None, request));
        let view = View(request.head());
        let method = match requested_method(&view) {
            Ok(method) => method,
            Err(denial) => return refuse(denial),
        };
        match (self.match_route(request, method), self.default) {
            (RouteMatch::Annotated(route, handler), _) => match route.policy(handler) {
                Some(policy) => Found::Policy(policy, Endpoint::Preflight(route, handler)),
                None => Found::Decided(Decision::PASS_ON),
            },
            (RouteMatch::Plain, Some(_)) if self.may_serve(request, method) => {
                Found::Decided(Decision::PASS_ON)
            }
            (RouteMatch::Plain | RouteMatch::MaybePlain, Some(default)) => {
                Found::Policy(default, Endpoint::DefaultPreflight)
            }
            (RouteMatch::NotServed(_) | RouteMatch::MaybePlain, _) => refuse(Denial::NotServed),
            (RouteMatch::Plain, None) | (RouteMatch::Unsure, _) => {
                Found::Decided(Decision::PASS_ON)
            }
        }
    }

    fn find_actual(&self, request: &ServiceRequest) -> Found<Endpoint> {
        let view = View(request.head());
        let (policy, kind) = match self.match_route(request, view.method()) {
            RouteMatch::Annotated(route, handler) => {
                let kind = if route.pattern.is_scope() {
                    ExpectedKind::ScopeHandler
                } else {
                    ExpectedKind::Handler
                };
                (route.policy(handler), kind)
            }
            RouteMatch::Plain | RouteMatch::MaybePlain => (self.default, ExpectedKind::Default),
            RouteMatch::NotServed(route) => {
                if let Some(policy) = route.only_policy() {
                    let context = LayerContext::attach(request, None);
                    let kind = ExpectedKind::Handler;
                    let expected = Expected { context, kind };
                    return Found::Policy(policy, Endpoint::NotServed(expected));
                }
                let headers = first_allowed(route.policies(), &view);
                let context = LayerContext::attach(request, None);
                context.set_not_served(route, headers.clone());
                let kind = ExpectedKind::Handler;
                return Found::Decided(self.call_inner(Expected { context, kind }, headers, None));
            }
            RouteMatch::Unsure => (None, ExpectedKind::Handler),
        };
        let context = LayerContext::attach(request, policy);
        let expected = Expected { context, kind };
        match policy {
            Some(policy) => Found::Policy(policy, Endpoint::Actual(expected)),
            None => Found::Decided(self.call_inner(expected, None, None)),
        }
    }

    /// Passes a request on. If no inner policy sets the headers of the response, `headers` are set.
    fn call_inner(
        &self,
        Expected { context, kind }: Expected,
        headers: Option<ActualHeaders>,
        event: Option<Event>,
    ) -> Decision {
        let default = self.default;
        let find = move |request: Option<&HttpRequest>| {
            if let Some(headers) = context.headers() {
                return headers;
            }
            // A handler was called, but not the expected one, whose policy would have set headers.
            let plain = request.filter(|request| {
                kind == ExpectedKind::Handler && request.match_info().unprocessed().is_empty()
            });
            let headers = if let Some(request) = plain {
                default_headers(default, request)
            } else {
                event.into_iter().for_each(Event::log);
                headers
            }?;
            context.set_headers(Some(headers.clone()));
            Some(headers)
        };
        Decision::CallInner(ResponseAction(Action::FindHeaders(Box::new(find))))
    }

    fn actual(
        &self,
        policy: &'static Policy,
        expected: Expected,
        verdict: OriginVerdict,
        request: &ServiceRequest,
    ) -> Decision {
        let outer_denial = expected.context.outer_denial(policy);
        match decide::outer_actual(policy, verdict, outer_denial, &View(request.head())) {
            Ok(outer) => {
                expected.context.add_verdict(policy, verdict);
                self.call_inner(expected, Some(outer.headers), Some(outer.event))
            }
            Err(response) => {
                expected.context.set_headers(None);
                Decision::Respond(response.into())
            }
        }
    }
}

impl Decide for AppCors {
    type Endpoint = Endpoint;

    fn find(&self, request: &ServiceRequest) -> Found<Endpoint> {
        match classify(&View(request.head())) {
            Class::Preflight => self.find_preflight(request),
            Class::NotCors | Class::Actual => self.find_actual(request),
        }
    }

    fn decide(
        &self,
        policy: &'static Policy,
        endpoint: Endpoint,
        verdict: OriginVerdict,
        request: &ServiceRequest,
    ) -> Decision {
        let view = View(request.head());
        match endpoint {
            Endpoint::Preflight(route, handler) => {
                let registry = self.registry(request.request());
                match registry.and_then(|registry| registry.mounted_policy(&route, handler)) {
                    Some(mounted) => Decision::Respond(mounted.preflight(verdict, &view).into()),
                    None => Decision::PASS_ON,
                }
            }
            // The methods of a default policy's endpoints are unknown.
            Endpoint::DefaultPreflight => {
                let mounted = MountedPolicy::unregistered(policy);
                Decision::Respond(mounted.preflight(verdict, &view).into())
            }
            Endpoint::Actual(expected) => self.actual(policy, expected, verdict, request),
            Endpoint::NotServed(expected) => {
                let outer = decide::outer_headers(policy, verdict, &view);
                expected.context.add_verdict(policy, verdict);
                self.call_inner(expected, Some(outer.headers), Some(outer.event))
            }
        }
    }
}

/// Finds the handler of a method in the routes of the first pattern that matches the path.
fn match_method(group: &[Rc<AnnotatedRoute>], method: &str) -> RouteMatch {
    let serves = |route: &AnnotatedRoute| route.responder(method).is_some();
    let is_guarded = |route: &AnnotatedRoute| !route.guards.is_empty();
    let mut routes = group.iter();
    if routes.any(|it| is_guarded(it) && (it.owns_path || serves(it))) {
        return RouteMatch::Unsure;
    }
    match responder(group, method, |_| true) {
        Some((route, handler)) if route.policy(handler).is_some() => {
            RouteMatch::Annotated(Rc::clone(route), handler)
        }
        Some(_) => RouteMatch::Plain,
        None => match group.iter().find(|route| route.owns_path) {
            Some(route) => RouteMatch::NotServed(Rc::clone(route)),
            None => RouteMatch::MaybePlain,
        },
    }
}

/// Returns the headers of a plain handler that has run. The request cannot wait any more.
fn default_headers(
    default: Option<&'static Policy>,
    request: &HttpRequest,
) -> Option<ActualHeaders> {
    let view = View(request.head());
    let default = default?;
    let verdict = cors_check(default, &view).without_waiting();
    let outer = decide::outer_headers(default, verdict, &view);
    outer.event.log();
    Some(outer.headers)
}
