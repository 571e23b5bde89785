//! The scope that an annotated service was registered in. An app can have several scopes with the
//! same prefix and different guards.

use std::cell::OnceCell;
use std::future::ready;
use std::rc::Rc;

use actix_web::dev::{AppService, ResourceDef, ResourceMap, ServiceRequest, fn_service};
use actix_web::guard::{Guard, fn_guard};
use actix_web::{Error, HttpResponse};

/// One scope, or the app itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ScopeInstance {
    App,
    /// A scope has a marker resource that serves nothing. A path leads to the marker only if the
    /// path leads to this scope.
    Scope {
        marker: String,
        /// The cached result for a scope without parameters, where the result is the same for every
        /// path.
        is_reached: OnceCell<bool>,
    },
}

/// The properties that identify a scope during registration. Two scopes are equal only if one of
/// them has its own default service.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen {
    address: usize,
    scopes: usize,
}

/// The scopes of one app, in the order of their registration.
#[derive(Default)]
pub(super) struct ScopeInstances {
    instances: Vec<(Seen, Rc<ScopeInstance>)>,
}

impl ScopeInstances {
    /// Returns the scope that is being registered.
    pub(super) fn current(&mut self, config: &mut AppService) -> Rc<ScopeInstance> {
        if config.is_root() {
            return Rc::new(ScopeInstance::App);
        }
        let seen = Seen::of(config);
        let known = self.instances.iter().rev();
        let known = known.clone().find(|(it, _)| it.address == seen.address);
        if let Some((_, instance)) = known.filter(|(it, _)| *it == seen) {
            return Rc::clone(instance);
        }
        let marker = format!("/\0cors{}", self.instances.len());
        register_marker(config, &marker);
        let is_reached = OnceCell::new();
        let instance = Rc::new(ScopeInstance::Scope { marker, is_reached });
        self.instances.push((seen, Rc::clone(&instance)));
        instance
    }
}

impl Seen {
    fn of(config: &AppService) -> Self {
        Self {
            address: std::ptr::from_ref(config).addr(),
            // Each registered scope without its own default service holds the default service of
            // the app.
            scopes: Rc::strong_count(&config.default_service()),
        }
    }
}

impl ScopeInstance {
    /// Returns whether a path that begins with `scopes` leads to this scope. Ignores guards.
    pub(super) fn is_reached(
        &self,
        root: &ResourceMap,
        scopes: &str,
        has_parameters: bool,
    ) -> bool {
        let Self::Scope { marker, is_reached } = self else {
            return true;
        };
        let find = || root.match_name(&format!("{scopes}{marker}")) == Some(marker.as_str());
        if has_parameters {
            find()
        } else {
            *is_reached.get_or_init(find)
        }
    }
}

fn register_marker(config: &mut AppService, marker: &str) {
    let mut resource = ResourceDef::new(marker);
    resource.set_name(marker);
    let never: Box<dyn Guard> = Box::new(fn_guard(|_| false));
    let nothing = fn_service(|request: ServiceRequest| {
        ready(Ok::<_, Error>(
            request.into_response(HttpResponse::NotFound()),
        ))
    });
    config.register_service(resource, Some(vec![never]), nothing, None);
}
