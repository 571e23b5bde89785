//! Annotated handlers. The name of a handler is its body, and the host of its origin.

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::{get, head, post, put, web};
use cors_runtime::actix_web::{Resource, cors};
use cors_runtime::{Policy, policy};

use super::shape::{Method, is_guarded};

pub(super) static DEFAULT: Policy = policy! {
    origins = ["https://default.example"],
    methods = [PUT, DELETE],
};

pub(super) static OTHER_DEFAULT: Policy = policy! {
    origins = ["https://other.example"],
    methods = [PUT],
};

/// A handler with a route macro, with the plain handler for the twin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Annotated {
    pub(super) name: &'static str,
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) is_guarded: bool,
    register: fn(&mut AppService),
}

impl Annotated {
    pub(super) fn register(self, config: &mut AppService) {
        (self.register)(config);
    }
}

macro_rules! annotated {
    ($($name:ident $method:ident $path:literal $origin:literal $($guard:literal)?;)*) => {
        $(
            #[cors(origins = [$origin])]
            #[$method($path $(, guard = $guard)?)]
            async fn $name() -> &'static str {
                stringify!($name)
            }
        )*

        pub(super) const ANNOTATED: &[Annotated] = &[$(Annotated {
            name: stringify!($name),
            method: Method::$method,
            path: $path,
            is_guarded: false $(|| !$guard.is_empty())?,
            register: |config| HttpServiceFactory::register($name, config),
        }),*];
    };
}

annotated! {
    h0 get "" "https://h0.example";
    h1 put "" "https://h1.example";
    h2 post "" "https://h2.example";
    h3 get "/" "https://h3.example";
    h4 put "/" "https://h4.example";
    h5 post "/" "https://h5.example";
    h6 get "/a" "https://h6.example";
    h7 put "/a" "https://h7.example";
    h8 post "/a" "https://h8.example";
    h9 get "/{x}" "https://h9.example";
    h10 put "/{x}" "https://h10.example";
    h11 post "/{x}" "https://h11.example";
    h12 get "/a/{x}" "https://h12.example";
    h13 put "/a/{x}" "https://h13.example";
    h14 post "/a/{x}" "https://h14.example";
    h15 get "/{tail:.*}" "https://h15.example";
    h16 put "/{tail:.*}" "https://h16.example";
    h17 post "/{tail:.*}" "https://h17.example";
    h18 get "/{n:\\d+}" "https://h18.example";
    h19 put "/{n:\\d+}" "https://h19.example";
    h20 post "/{n:\\d+}" "https://h20.example";
    h21 get "/a/b" "https://h21.example";
    h22 put "/a/b" "https://h22.example";
    h23 post "/a/b" "https://h23.example";
    h24 get "/{x}/b" "https://h24.example";
    h25 put "/{x}/b" "https://h25.example";
    h26 post "/{x}/b" "https://h26.example";
    h27 head "/a" "https://h27.example";
    h28 head "/{x}" "https://h28.example";
    g0 get "/a" "https://g0.example" "is_guarded";
    g1 put "/a" "https://g1.example" "is_guarded";
    g2 put "/{x}" "https://g2.example" "is_guarded";
}

macro_rules! of_resources {
    ($($name:ident $origin:literal;)*) => {
        $(
            #[cors(origins = [$origin])]
            async fn $name() -> &'static str {
                stringify!($name)
            }
        )*

        pub(super) const OF_RESOURCES: &[&str] = &[$(stringify!($name)),*];

        /// Adds the handler with the given name, or a plain handler.
        pub(super) fn add(resource: Resource, method: Method, name: &'static str) -> Resource {
            let method = method.of_actix();
            match name {
                $(stringify!($name) => resource.method(&method, $name),)*
                plain => resource.method(&method, move || async move { plain }),
            }
        }
    };
}

of_resources! {
    r0 "https://r0.example";
    r1 "https://r1.example";
    r2 "https://r2.example";
    r3 "https://r3.example";
    r4 "https://r4.example";
    r5 "https://r5.example";
}

/// Returns a plain resource with a handler for each method.
pub(super) fn plain_resource(
    path: &str,
    handlers: &[(Method, &'static str)],
) -> actix_web::Resource {
    let resource = web::resource(path);
    handlers.iter().fold(resource, |resource, &(method, name)| {
        let route = web::method(method.of_actix());
        resource.route(route.to(move || async move { name }))
    })
}
