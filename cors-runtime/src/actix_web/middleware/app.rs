//! Applies the policies of all endpoints inside of an app, a scope or a resource. See
//! [`Cors`](crate::actix_web::Cors).

use std::cell::OnceCell;
use std::rc::Rc;

use actix_web::dev::{Extensions, ServiceRequest};

use super::decide::{Decide, Decision, Found};
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

/// The app, and the app data of a request that the middleware passes on.
#[derive(Clone)]
struct App {
    outer: Rc<Outer>,
    context: Rc<Extensions>,
}

/// The endpoint that is expected to serve a request.
pub enum Endpoint {
    Preflight(Rc<AnnotatedRoute>, usize),
    /// A preflight for an endpoint without a policy.
    DefaultPreflight,
    /// Any other request.
    Actual,
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
            let inner = Rc::clone(&outer);
            let context = LayerContext::app_data(move |request| inner.preflight_policy(request));
            Some(App { outer, context })
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
                    Decision::Respond(mounted.preflight(verdict, &View(request.head())).into())
                }
                None => PASS_ON,
            },
            Endpoint::Actual => app.actual(policy, verdict, request),
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

    fn find_actual(&self, request: &mut ServiceRequest) -> FoundOuter {
        let is_inside = LayerContext::of(request).is_some();
        if self.outer.decides_first || is_inside {
            let method = request.method().as_str();
            let policy = match self.outer.match_request(request, method) {
                RouteMatch::Annotated(route, handler) => {
                    route.policy(handler).filter(|policy| decides_first(policy))
                }
                RouteMatch::Plain | RouteMatch::MaybePlain => {
                    let default = self.outer.default_policy();
                    default.filter(|default| is_inside || decides_first(default))
                }
                RouteMatch::NotServed(_) | RouteMatch::Unsure => None,
            };
            if let Some(policy) = policy {
                return Found::Policy(policy, Endpoint::Actual);
            }
        }
        Found::Decided(self.call_inner(None, request))
    }

    /// Decides a request before inner middlewares run.
    fn actual(
        &self,
        policy: &'static Policy,
        verdict: OriginVerdict,
        request: &mut ServiceRequest,
    ) -> Decision<OuterAction> {
        let context = LayerContext::of(request);
        let is_inside = context.is_some();
        let outer_denial = context.and_then(|context| context.outer_denial(policy, request));
        let prepared = PreparedPolicy::new(policy);
        let view = View(request.head());
        let outer = decide::outer_actual(&prepared, verdict, outer_denial, &view);
        if let Err(response) = outer {
            let response = response.into();
            if is_inside {
                Decided::Refused.attach(request);
            }
            return Decision::Respond(response);
        }
        if reads_headers(policy) {
            LayerContext::add_verdict(request, policy, verdict);
        }
        self.call_inner(Some((policy, verdict)), request)
    }

    /// Passes a request on. Finds the headers of the response later, unless an inner policy sets
    /// them.
    fn call_inner(
        &self,
        checked: Option<(&'static Policy, OriginVerdict)>,
        request: &mut ServiceRequest,
    ) -> Decision<OuterAction> {
        let context = LayerContext::of(request);
        let is_inside = context.is_some();
        // Keeps the context of an outer `Cors` that answers the preflights of the request.
        if context.is_none_or(|context| context.preflight_policy(request).is_none()) {
            request.add_data_container(Rc::clone(&self.context));
        }
        Decision::CallInner(OuterAction(Some(Passed {
            outer: Rc::clone(&self.outer),
            kept: Kept::new(request, self.outer.reads_headers),
            checked,
            is_inside,
        })))
    }
}
