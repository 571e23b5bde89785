//! A path with annotated handlers: the path of a route macro, or of a resource.

use std::cell::OnceCell;
use std::ptr;
use std::rc::Rc;

use actix_web::dev::ResourceMap;
use actix_web::guard::Guard;

use super::pattern::{NodeId, PathMatch, ScopedPattern, without_names};
use super::recent_paths::RecentPaths;
use super::scope_instance::ScopeInstance;
use crate::actix_web::view::MountedPolicy;
use crate::mounting::{Annotation, check_registration};
use crate::policy::Policy;

/// A handler of a path, with its policy if it is annotated.
#[derive(Clone, Debug)]
pub(crate) struct RegisteredHandler {
    /// `None` for every method that no earlier handler serves.
    methods: Option<Vec<&'static str>>,
    annotation: Option<Annotation>,
}

impl RegisteredHandler {
    /// # Panics
    ///
    /// Panics as [`check_registration`] does.
    #[track_caller]
    pub(crate) fn new(methods: Option<Vec<&'static str>>, annotation: Option<Annotation>) -> Self {
        if let Some(annotation) = annotation {
            check_registration(annotation, methods.as_deref());
        }
        Self {
            methods,
            annotation,
        }
    }

    pub(crate) fn policy(&self) -> Option<&'static Policy> {
        self.annotation.map(|annotation| annotation.policy)
    }

    pub(super) fn annotation(&self) -> Option<Annotation> {
        self.annotation
    }

    /// Returns the methods that the handler is registered for, or `None` for every method.
    pub(crate) fn methods(&self) -> Option<&[&'static str]> {
        self.methods.as_deref()
    }

    pub(crate) fn serves(&self, method: &str) -> bool {
        let methods = self.methods.as_ref();
        methods.is_none_or(|methods| methods.contains(&method))
    }
}

pub struct AnnotatedRoute {
    pub(crate) pattern: ScopedPattern,
    pub(super) scope: Rc<ScopeInstance>,
    /// The handlers, in the order in which actix-web tries them.
    pub(super) handlers: Vec<RegisteredHandler>,
    /// The guards of the user, without those for the method.
    pub(crate) guards: Vec<Rc<dyn Guard>>,
    /// Whether only these handlers can serve the path once the guards have passed. Next to a route
    /// macro, plain handlers may serve the path as well.
    pub(crate) owns_path: bool,
    /// Set by the registry, once all routes of the app are known.
    pub(super) policies: OnceCell<Vec<Option<MountedPolicy>>>,
    behind_another: RecentPaths,
}

impl AnnotatedRoute {
    pub(super) fn new(
        pattern: ScopedPattern,
        scope: Rc<ScopeInstance>,
        handlers: Vec<RegisteredHandler>,
        guards: Vec<Rc<dyn Guard>>,
        owns_path: bool,
    ) -> Self {
        Self {
            pattern,
            scope,
            handlers,
            guards,
            owns_path,
            policies: OnceCell::new(),
            behind_another: RecentPaths::default(),
        }
    }

    /// Returns the index of the first handler that serves a method.
    pub(crate) fn serves(&self, method: &str) -> Option<usize> {
        self.handlers.iter().position(|it| it.serves(method))
    }

    pub(crate) fn policy(&self, handler: usize) -> Option<&'static Policy> {
        self.handlers.get(handler)?.policy()
    }

    /// Returns the policy of the path if the path has only one policy. Its 405 can wait for an
    /// `ask(..)`.
    pub(crate) fn only_policy(&self) -> Option<&'static Policy> {
        let mut policies = self.policies();
        let first = policies.next()?;
        policies.all(|other| ptr::eq(first, other)).then_some(first)
    }

    pub(crate) fn policies(&self) -> impl Iterator<Item = &'static Policy> + Clone {
        self.handlers.iter().filter_map(RegisteredHandler::policy)
    }

    /// Returns the policy of each handler.
    pub(crate) fn each_policy(&self) -> impl Iterator<Item = Option<&'static Policy>> {
        self.handlers.iter().map(RegisteredHandler::policy)
    }

    /// Returns whether an annotated handler of the route may serve a path and method.
    pub(super) fn may_serve(&self, path: &str, method: &str) -> bool {
        let policy = self.serves(method).and_then(|handler| self.policy(handler));
        policy.is_some() && self.may_match(path)
    }

    pub(super) fn may_match(&self, path: &str) -> bool {
        self.pattern.matches(path) != PathMatch::No
    }

    /// Returns whether the route is registered in the app itself, outside of any scope.
    pub(super) fn is_in_app(&self) -> bool {
        *self.scope == ScopeInstance::App
    }

    /// Returns whether the path leads to the scope of the route. Ignores guards.
    pub(super) fn is_reached(&self, root: &ResourceMap, path: &str) -> bool {
        let scopes = self
            .pattern
            .scopes_len(path)
            .and_then(|len| path.get(..len));
        let has_parameters = self.pattern.scopes_have_parameters();
        scopes.is_some_and(|scopes| self.scope.is_reached(root, scopes, has_parameters))
    }

    /// Returns whether the path matches another pattern first, whose handlers are unknown.
    /// `is_annotated` recognizes the nodes of annotated routes.
    pub(crate) fn is_behind_another(
        &self,
        root: &ResourceMap,
        path: &str,
        is_annotated: impl Fn(NodeId) -> bool,
    ) -> bool {
        self.behind_another.get_or_find(path, || {
            let first = root.match_name(path).map(NodeId::of);
            // A plain handler with the same pattern is assumed to serve another method.
            !first.is_some_and(is_annotated)
                && first_pattern(root, path).is_none_or(|first| first != self.pattern.full())
        })
    }
}

/// Returns the pattern that a path matches first, without the names of its parameters.
pub(super) fn first_pattern(root: &ResourceMap, path: &str) -> Option<String> {
    root.match_pattern(path).as_deref().map(without_names)
}
