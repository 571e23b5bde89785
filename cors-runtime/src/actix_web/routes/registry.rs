//! The annotated routes of one app, which register on the thread of the app while it is built.

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ptr;
use std::rc::{Rc, Weak};

use actix_web::HttpRequest;
use actix_web::dev::{AppService, ResourceDef, ResourceMap, ServiceRequest};
use actix_web::error::UrlGenerationError;
use actix_web::guard::Guard;

use super::annotated_route::{AnnotatedRoute, RegisteredHandler};
use super::pattern::{NodeId, ScopedPattern};
use super::scope_instance::ScopeInstances;
use crate::actix_web::view::MountedPolicy;
use crate::mounting::{allow_methods, forbids_caching};
use crate::policy::Policy;

/// The annotated routes of one app, in the order of their registration.
pub(crate) struct Registry {
    /// The name of the registry in the app's own tree of paths.
    name: String,
    scopes: RefCell<ScopeInstances>,
    routes: RefCell<Vec<Rc<AnnotatedRoute>>>,
    built: OnceCell<Built>,
}

/// The data that is known once the app has been built.
struct Built {
    routes: Vec<Rc<AnnotatedRoute>>,
    by_id: HashMap<NodeId, Rc<AnnotatedRoute>>,
    by_pattern: HashMap<String, Vec<Rc<AnnotatedRoute>>>,
}

/// A running app. The default service, which is the same in all scopes, identifies the app while it
/// is built. A `Weak` prevents another app from using the address.
struct App {
    default_service: Weak<dyn Any>,
    registry: Weak<Registry>,
}

thread_local! {
    static APPS: RefCell<Vec<App>> = const { RefCell::new(Vec::new()) };
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

impl Registry {
    /// Returns the registry of the app that is being built.
    pub(crate) fn of(config: &AppService) -> Rc<Self> {
        let default_service: Rc<dyn Any> = config.default_service();
        let default_service = Rc::downgrade(&default_service);
        APPS.with_borrow_mut(|apps| {
            apps.retain(|app| app.registry.strong_count() > 0);
            let known = apps
                .iter()
                .find(|app| app.default_service.ptr_eq(&default_service));
            if let Some(registry) = known.and_then(|app| app.registry.upgrade()) {
                return registry;
            }
            let registry = Rc::new(Self::new());
            apps.push(App {
                default_service,
                registry: Rc::downgrade(&registry),
            });
            registry
        })
    }

    fn new() -> Self {
        let count = COUNT.get();
        COUNT.set(count + 1);
        Self {
            name: format!("\0cors{count}"),
            scopes: RefCell::default(),
            routes: RefCell::default(),
            built: OnceCell::new(),
        }
    }

    /// Returns the registry of the app that received a request, if the app has annotated routes.
    pub(crate) fn of_request(request: &HttpRequest) -> Option<Rc<Self>> {
        let is_here = |registry: &Rc<Self>| {
            let place = request
                .resource_map()
                .url_for(request, &registry.name, [""; 0]);
            !matches!(place, Err(UrlGenerationError::ResourceNotFound))
        };
        APPS.with_borrow(|apps| {
            let mut registries = apps.iter().filter_map(|app| app.registry.upgrade());
            registries.find(is_here)
        })
    }

    /// Adds a route. Returns the route, and the node to register with its service.
    pub(crate) fn add(
        &self,
        config: &mut AppService,
        pattern: &ResourceDef,
        handlers: Vec<RegisteredHandler>,
        guards: Vec<Rc<dyn Guard>>,
        owns_path: bool,
    ) -> (Rc<AnnotatedRoute>, Rc<ResourceMap>) {
        let scope = self.scopes.borrow_mut().current(config);
        let mut routes = self.routes.borrow_mut();
        let registry_name = routes.is_empty().then_some(&*self.name);
        // A node needs a name to have an identity. The name of a resource without a given name is
        // its pattern.
        let name = pattern
            .name()
            .or(pattern.pattern())
            .filter(|name| !name.is_empty());
        let name = name.unwrap_or("/");
        let (pattern, node) = ScopedPattern::new(pattern, name, registry_name);
        let route = AnnotatedRoute::new(pattern, scope, handlers, guards, owns_path);
        let route = Rc::new(route);
        routes.push(Rc::clone(&route));
        (route, node)
    }

    /// Returns all routes, in the order of their registration. The app must have been built.
    pub(crate) fn routes(&self) -> &[Rc<AnnotatedRoute>] {
        &self.built().routes
    }

    /// Returns whether any policy of the app has a property.
    pub(crate) fn has_policy(&self, has: impl Fn(&Policy) -> bool) -> bool {
        let mut policies = self.routes().iter().flat_map(|route| route.policies());
        policies.any(has)
    }

    /// Returns the route of a node. The app must have been built.
    pub(crate) fn by_id(&self, id: NodeId) -> Option<&Rc<AnnotatedRoute>> {
        self.built().by_id.get(&id)
    }

    /// Returns the first resource of a path, if the resource is annotated. The app must have been
    /// built.
    pub(crate) fn first_of(&self, root: &ResourceMap, path: &str) -> Option<&Rc<AnnotatedRoute>> {
        self.by_id(NodeId::of(root.match_name(path)?))
    }

    /// Returns whether a preflight that was routed to an annotated route may be for a plain handler
    /// of another pattern.
    pub(crate) fn is_behind_another(
        &self,
        route: &AnnotatedRoute,
        request: &ServiceRequest,
    ) -> bool {
        let (root, path) = (request.resource_map(), request.match_info().as_str());
        route.is_behind_another(root, path, |id| self.by_id(id).is_some())
    }

    /// Returns all routes of a whole pattern. The app must have been built.
    pub(crate) fn by_pattern(&self, pattern: &str) -> &[Rc<AnnotatedRoute>] {
        self.built()
            .by_pattern
            .get(pattern)
            .map_or(&[], Vec::as_slice)
    }

    fn built(&self) -> &Built {
        self.built.get_or_init(|| {
            let routes = self.routes.borrow().clone();
            let ids = routes
                .iter()
                .filter_map(|it| Some((it.pattern.id()?, Rc::clone(it))));
            let mut by_pattern: HashMap<_, Vec<_>> = HashMap::new();
            for route in &routes {
                let pattern = route.pattern.full().to_owned();
                by_pattern
                    .entry(pattern)
                    .or_default()
                    .push(Rc::clone(route));
            }
            Built {
                by_id: ids.collect(),
                by_pattern,
                routes,
            }
        })
    }

    /// Returns the policy of a handler, prepared for its path. The app must have been built.
    pub(crate) fn mounted_policy<'a>(
        &self,
        route: &'a AnnotatedRoute,
        handler: usize,
    ) -> Option<&'a MountedPolicy> {
        let all = || (0..route.handlers.len()).map(|handler| self.mount(route, handler));
        let policies = route.policies.get_or_init(|| all().collect());
        policies.get(handler)?.as_ref()
    }

    fn mount(&self, route: &AnnotatedRoute, handler: usize) -> Option<MountedPolicy> {
        let registered = route.handlers.get(handler)?;
        let policy = registered.policy()?;
        let serves = |method: &str| route.serves(method) == Some(handler);
        let is_alone = route.owns_path && route.handlers.len() == 1;
        let methods = allow_methods(policy, registered.methods(), is_alone, serves);
        let forbids_caching = self.forbids_caching(route, handler, policy);
        Some(MountedPolicy::new(policy, methods, forbids_caching))
    }

    /// Returns whether browsers must not cache the preflights of a handler.
    pub(super) fn forbids_caching(
        &self,
        route: &AnnotatedRoute,
        handler: usize,
        policy: &Policy,
    ) -> bool {
        let serves_post = route.serves("POST") == Some(handler);
        !serves_post && self.has_other_post(route, handler, policy)
    }

    /// Returns whether another handler serves POST on the same path, and does not allow the same
    /// headers as `policy`.
    fn has_other_post(&self, route: &AnnotatedRoute, handler: usize, policy: &Policy) -> bool {
        let others = self.by_pattern(route.pattern.full()).iter();
        let mut others = others.filter(|other| !ptr::eq(Rc::as_ptr(other), route));
        let is_other = |route: &AnnotatedRoute| {
            let post = route.serves("POST");
            post.is_some_and(|post| forbids_caching(policy, route.policy(post)))
        };
        let own = route.serves("POST").filter(|post| *post != handler);
        own.is_some_and(|own| forbids_caching(policy, route.policy(own)))
            || others.any(|other| is_other(other))
    }
}
