//! The app of a [`Cors`](crate::actix_web::Cors), and its policies.

use std::rc::Rc;

use actix_web::HttpRequest;
use actix_web::dev::{ResourceMap, ServiceRequest};

use crate::actix_web::routes::{
    Registry, RouteMatch, Target, match_route, may_match, possible_policies,
};
use crate::actix_web::view::MountedPolicy;
use crate::policy::{Origins, Policy};

/// The policies of an app, and the default policy of a `Cors` in the app.
pub(super) struct Outer {
    pub(super) default: Option<MountedPolicy>,
    registry: Option<Rc<Registry>>,
    root: ResourceMap,
    /// Whether a policy may have to decide a request before inner middlewares run.
    pub(super) decides_first: bool,
    /// Whether an origin source may read the headers of a request.
    pub(super) reads_headers: bool,
    has_scope_handlers: bool,
}

impl Outer {
    /// Returns the data about the app of a request, or `None` if the app does not have a policy.
    pub(super) fn find(
        default: Option<&'static Policy>,
        request: &HttpRequest,
    ) -> Option<Rc<Self>> {
        let registry = Registry::of_request(request);
        if registry.is_none() && default.is_none() {
            return None;
        }
        let any = |has: fn(&Policy) -> bool| {
            let registry = registry.as_ref();
            default.is_some_and(has) || registry.is_some_and(|registry| registry.has_policy(has))
        };
        let routes = registry
            .as_ref()
            .map_or(&[][..], |registry| registry.routes());
        Some(Rc::new(Self {
            default: default.map(MountedPolicy::unregistered),
            root: request.resource_map().clone(),
            decides_first: any(decides_first),
            reads_headers: any(reads_headers),
            has_scope_handlers: routes.iter().any(|route| route.pattern.is_scope()),
            registry,
        }))
    }

    /// Finds the endpoint of a request. The shared tree of paths is the same as the request's.
    pub(super) fn match_route(&self, path: &str, taken: usize, method: &str) -> RouteMatch {
        let Some(registry) = &self.registry else {
            return RouteMatch::Plain;
        };
        let root = &self.root;
        let target = Target {
            root,
            path,
            taken,
            method,
        };
        match_route(registry, target)
    }

    /// Finds the endpoint of a request that the middleware has received.
    pub(super) fn match_request(&self, request: &ServiceRequest, method: &str) -> RouteMatch {
        let path = request.match_info();
        let taken = path.as_str().len() - path.unprocessed().len();
        self.match_route(path.as_str(), taken, method)
    }

    /// Returns the policy by which the preflights of a request are answered, if it is certain.
    pub(super) fn preflight_policy(&self, path: &str, method: &str) -> Option<&'static Policy> {
        match self.match_route(path, 0, method) {
            RouteMatch::Annotated(route, handler) => route.policy(handler),
            RouteMatch::Plain | RouteMatch::MaybePlain => self.default_policy(),
            RouteMatch::NotServed(_) | RouteMatch::Unsure => None,
        }
    }

    /// Returns the policies of the annotated handlers that may serve a request, and those of the
    /// resources that may respond with a 405.
    pub(super) fn possible_policies(
        &self,
        request: &ServiceRequest,
    ) -> impl Iterator<Item = &'static Policy> {
        let registry = self.registry.iter();
        registry.flat_map(|registry| {
            let path = request.match_info().as_str();
            possible_policies(registry, path, request.method().as_str())
        })
    }

    /// Returns whether an annotated handler may serve the path of a request with another method.
    pub(super) fn has_annotated_handlers(&self, request: &ServiceRequest) -> bool {
        let path = request.match_info().as_str();
        let registry = self.registry.as_ref();
        registry.is_some_and(|registry| may_match(registry, path))
    }

    pub(super) fn default_policy(&self) -> Option<&'static Policy> {
        self.default.as_ref().map(MountedPolicy::policy)
    }

    /// Returns the registry of the app, if the app has annotated handlers.
    pub(super) fn registry(&self) -> Option<&Registry> {
        self.registry.as_deref()
    }

    /// Returns whether a response comes from a resource. At the path of a scope, a middleware of
    /// the scope may have made the response before the request was routed.
    pub(super) fn was_routed(&self, request: &HttpRequest) -> bool {
        let path = request.match_info();
        path.unprocessed().is_empty()
            && !(self.has_scope_handlers && self.leads_to_scope_handler(path.as_str()))
    }

    /// Returns whether the first resource of a path is an annotated handler at the path of its
    /// scope.
    fn leads_to_scope_handler(&self, path: &str) -> bool {
        let registry = self.registry.as_ref();
        let first = registry.and_then(|registry| registry.first_of(&self.root, path));
        first.is_some_and(|route| route.pattern.is_scope())
    }
}

/// Returns whether a policy has to decide a request before inner middlewares run.
pub(super) fn decides_first(policy: &Policy) -> bool {
    policy.enforce() || policy.has_async_sources()
}

/// Returns whether the CORS check of a policy reads other headers than `Origin`.
pub(super) fn reads_headers(policy: &Policy) -> bool {
    let has_sources = match &policy.0.origins {
        Origins::List(entries) => !(entries.sources.is_empty() && entries.async_sources.is_empty()),
        Origins::Any | Origins::None => false,
    };
    has_sources || !policy.0.hosts.is_empty()
}
