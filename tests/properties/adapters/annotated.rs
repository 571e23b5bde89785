//! Annotated functions. An attribute needs a `static`, so a macro makes the functions of a policy.

/// The methods of the route macro, which are literals.
pub(crate) const ROUTED: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH"];

/// Makes a module with `endpoints`: an endpoint of each adapter for the policy of that path.
macro_rules! annotated {
    ($module:ident, $policy:path) => {
        mod $module {
            use actix_web::test::init_service;
            use actix_web::{App, HttpResponse, route};
            use axum::body::Body;
            use cors_runtime::actix_web::{Cors, resource};
            use cors_runtime::axum::routing::on;
            use http::{Request, Response};
            use tower::service_fn;

            use $crate::adapters::annotated::ROUTED;
            use $crate::adapters::{Endpoint, PATH, Served, response};
            use $crate::adapters::{actix_web as actix, axum as routers, service};

            #[cors_runtime::http::cors(policy = $policy)]
            async fn function(_: Request<()>) -> service::Answer {
                Ok(response())
            }

            #[cors_runtime::http::cors(policy = $policy)]
            async fn lambda(_: lambda_http::Request) -> service::Answer<lambda_http::Body> {
                Ok(response())
            }

            #[cors_runtime::axum::cors(policy = $policy)]
            async fn handler() -> Response<Body> {
                response()
            }

            #[cors_runtime::actix_web::cors(policy = $policy)]
            async fn of_resource() -> HttpResponse {
                actix::answer()
            }

            #[cors_runtime::actix_web::cors(policy = $policy)]
            #[route(
                "/items",
                method = "GET",
                method = "HEAD",
                method = "POST",
                method = "PUT",
                method = "PATCH"
            )]
            async fn of_macro() -> HttpResponse {
                actix::answer()
            }

            pub(super) async fn endpoints(registered: &[&'static str]) -> Vec<Endpoint> {
                let methods = actix::methods(registered);
                let resource = || App::new().service(resource(PATH).methods(&methods, of_resource));
                let alone = init_service(resource()).await;
                let inside = init_service(resource().wrap(Cors::outermost())).await;
                let routed = init_service(App::new().service(of_macro)).await;
                let (all, known) = (Served::All, Served::Registered(registered.to_vec()));
                let literal = Served::Routed(ROUTED.to_vec());
                let lambda = service_fn(lambda);
                let mut endpoints = vec![
                    service::endpoint::<_, (), _>("http function", all, service_fn(function)),
                    service::endpoint::<_, lambda_http::Body, _>("lambda", Served::All, lambda),
                    actix::endpoint("actix-web resource", known.clone(), alone),
                    actix::endpoint("actix-web resource, outermost", known, inside),
                    actix::endpoint("actix-web route macro", literal, routed),
                ];
                let handler = on(routers::filter(registered), handler);
                endpoints.extend(routers::annotated(handler, registered));
                endpoints
            }
        }
    };
}

pub(crate) use annotated;
