//! Applies the policies of all endpoints inside of an app, a scope or a resource. See
//! [`Cors`](crate::actix_web::Cors).

use std::cell::OnceCell;
use std::rc::Rc;

use actix_web::dev::ServiceRequest;

use super::decide::{Decide, Decision, Found, check};
use super::kept::Kept;
use super::layer_context::{Decided, LayerContext};
use super::outer::{Outer, decides_first, reads_headers};
use super::outer_action::{OuterAction, Passed};
use crate::actix_web::routes::{AnnotatedRoute, RouteMatch};
use crate::actix_web::view::{PreparedPolicy, View};
use crate::policy::Policy;
use crate::protocol::{Denial, OriginVerdict, decide, requested_method};
use crate::request::{Class, classify};

/// The middleware of one app, which it looks up once.
#[derive(Clone)]
pub struct AppCors {
    default: Option<&'static Policy>,
    app: OnceCell<Option<App>>,
}

#[derive(Clone)]
struct App {
    outer: Rc<Outer>,
}

/// The endpoint that is expected to serve a request.
pub enum Endpoint {
    Preflight(Rc<AnnotatedRoute>, usize),
    /// A preflight for an endpoint without a policy.
    DefaultPreflight,
    /// Any other request.
    Actual,
    /// A request whose endpoint is not known, under a default policy with `enforce`.
    Unknown,
}

type FoundOuter = Found<Endpoint, OuterAction>;

impl AppCors {
    pub(crate) fn new(default: Option<&'static Policy>) -> Self {
        Self {
            default,
            app: OnceCell::new(),
        }
    }

    fn app(&self, request: &ServiceRequest) -> Option<&App> {
        let find = || {
            let outer = Outer::find(self.default, request.request())?;
            Some(App { outer })
        };
        self.app.get_or_init(find).as_ref()
    }
}

impl Decide for AppCors {
    type Endpoint = Endpoint;
    type Action = OuterAction;

    fn find(&self, request: &mut ServiceRequest) -> FoundOuter {
        let Some(app) = self.app(request) else {
            return Found::Decided(PASS_ON);
        };
        match classify(&View(request.head())) {
            Class::Preflight => app.find_preflight(request),
            Class::NotCors | Class::Actual => app.find_actual(request),
        }
    }

    fn decide(
        &self,
        policy: &'static Policy,
        endpoint: Endpoint,
        verdict: OriginVerdict,
        request: &mut ServiceRequest,
    ) -> Decision<OuterAction> {
        let Some(app) = self.app(request) else {
            return PASS_ON;
        };
        match endpoint {
            Endpoint::Preflight(route, handler) => {
                let registry = app.outer.registry();
                match registry.and_then(|registry| registry.mounted_policy(&route, handler)) {
                    Some(mounted) => {
                        let view = View(request.head());
                        Decision::Respond(mounted.preflight(verdict, &view).into())
                    }
                    None => PASS_ON,
                }
            }
            // The methods of a default policy's endpoints are unknown.
            Endpoint::DefaultPreflight => match &app.outer.default {
                Some(mounted) => {
                    let view = View(request.head());
                    let response = if app.outer.has_annotated_handlers(request) {
                        mounted.preflight_of_shared_path(verdict, &view)
                    } else {
                        mounted.preflight(verdict, &view)
                    };
                    Decision::Respond(response.into())
                }
                None => PASS_ON,
            },
            Endpoint::Unknown if !app.must_refuse(verdict, request) => {
                app.call_inner(None, request)
            }
            Endpoint::Actual | Endpoint::Unknown => app.actual(policy, verdict, request),
        }
    }
}

const PASS_ON: Decision<OuterAction> = Decision::CallInner(OuterAction(None));

impl App {
    fn find_preflight(&self, request: &ServiceRequest) -> FoundOuter {
        let refuse = |denial| Found::Decided(Decision::refuse_preflight(denial, None, request));
        let view = View(request.head());
        let method = match requested_method(&view) {
            Ok(method) => method,
            Err(denial) => return refuse(denial),
        };
        match (
            self.outer.match_request(request, method),
            self.outer.default_policy(),
        ) {
            (RouteMatch::Annotated(route, handler), _) => match route.policy(handler) {
                Some(policy) => Found::Policy(policy, Endpoint::Preflight(route, handler)),
                None => Found::Decided(PASS_ON),
            },
            (RouteMatch::Plain | RouteMatch::MaybePlain, Some(default)) => {
                Found::Policy(default, Endpoint::DefaultPreflight)
            }
            (RouteMatch::NotServed(_) | RouteMatch::MaybePlain, _) => refuse(Denial::NotServed),
            (RouteMatch::Plain, None) | (RouteMatch::Unsure, _) => Found::Decided(PASS_ON),
        }
    }

    fn find_actual(&self, request: &ServiceRequest) -> FoundOuter {
        let is_inside = LayerContext::contains(request);
        if self.outer.decides_first || is_inside {
            let method = request.method().as_str();
            let default = self.outer.default_policy();
            let (policy, endpoint) = match self.outer.match_request(request, method) {
                RouteMatch::Annotated(route, handler) => {
                    let policy = route.policy(handler).filter(|policy| decides_first(policy));
                    (policy, Endpoint::Actual)
                }
                RouteMatch::Plain | RouteMatch::MaybePlain => {
                    let policy = default.filter(|default| is_inside || decides_first(default));
                    (policy, Endpoint::Actual)
                }
                RouteMatch::NotServed(_) | RouteMatch::Unsure => (
                    default.filter(|default| default.enforce()),
                    Endpoint::Unknown,
                ),
            };
            if let Some(policy) = policy {
                return Found::Policy(policy, endpoint);
            }
        }
        Found::Decided(self.call_inner(None, request))
    }

    /// Returns whether a default policy with `enforce` refuses a request whose endpoint is not
    /// known: it denies the request, and so does every annotated handler that may serve it.
    fn must_refuse(&self, verdict: OriginVerdict, request: &ServiceRequest) -> bool {
        let OriginVerdict::Denied(denial) = verdict else {
            return false;
        };
        let allows = |policy| !check(policy, request).without_waiting().is_denied();
        denial.is_about_host() || !self.outer.possible_policies(request).any(allows)
    }

    /// Decides a request before inner middlewares run.
    fn actual(
        &self,
        policy: &'static Policy,
        verdict: OriginVerdict,
        request: &ServiceRequest,
    ) -> Decision<OuterAction> {
        let outer_denial = LayerContext::outer_denial(request, policy, verdict);
        let prepared = PreparedPolicy::new(policy);
        let view = View(request.head());
        let outer = decide::outer_actual(&prepared, verdict, outer_denial, &view);
        if let Err(response) = outer {
            let response = response.into();
            LayerContext::decide(request, || Decided::Unchanged);
            return Decision::Respond(response);
        }
        let decision = self.call_inner(Some((policy, verdict)), request);
        if reads_headers(policy) {
            LayerContext::add_verdict(request, policy, verdict);
        }
        decision
    }

    /// Passes a request on. Finds the headers of the response later, unless an inner policy sets
    /// them.
    fn call_inner(
        &self,
        checked: Option<(&'static Policy, OriginVerdict)>,
        request: &ServiceRequest,
    ) -> Decision<OuterAction> {
        let is_inside = LayerContext::enter(&self.outer, request);
        Decision::CallInner(OuterAction(Some(Passed {
            outer: Rc::clone(&self.outer),
            kept: Kept::new(request, self.outer.reads_headers),
            checked,
            is_inside,
        })))
    }
}
