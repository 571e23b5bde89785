//! Tests scopes with the same parameter names, and paths that a middleware rewrites.

use actix_web::middleware::NormalizePath;
use actix_web::test::init_service;
use actix_web::{App, get, put, web};
use cors_runtime::actix_web::{Cors, cors};

use super::{DEFAULT_ORIGIN, in_every_mode, plain};
use crate::app::actix;
use crate::common::{APP, get_allowed, preflight, request};

#[cors(origins = ["https://app.example"])]
#[get("/posts")]
async fn posts() -> &'static str {
    "posts"
}

#[cors(origins = ["https://app.example"])]
#[get("/health")]
async fn health() -> &'static str {
    "health"
}

#[tokio::test(flavor = "current_thread")]
async fn nested_scopes_can_share_a_parameter_name() {
    let apps = || {
        let users = web::scope("/users/{id}").service(posts);
        App::new()
            .service(web::scope("/orgs/{id}").service(users))
            .service(health)
    };
    in_every_mode!(apps(), |app| {
        for path in ["/orgs/1/users/2/posts", "/health"] {
            get_allowed(&app, path).await;
        }
        request("GET", "/none").to(&app).await.is(404);
        request("GET", "/orgs/1").from(APP).to(&app).await.is(404);
    });
}

#[tokio::test(flavor = "current_thread")]
async fn scopes_can_have_many_parameters() {
    let scope = || {
        let scope = web::scope("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}");
        let inner = web::scope("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}").service(health);
        App::new().service(scope.service(inner))
    };
    in_every_mode!(scope(), |app| {
        get_allowed(&app, "/1/2/3/4/5/6/7/8/1/2/3/4/5/6/7/8/9/health").await;
    });
}

#[cors(origins = ["https://app.example"], credentials)]
#[put("/{tail:.*}")]
async fn proxy() -> &'static str {
    "proxy"
}

#[tokio::test(flavor = "current_thread")]
async fn preflights_for_a_rewritten_path_are_refused() {
    let app = || {
        let app = App::new()
            .route("/admin", web::put().to(plain))
            .service(proxy);
        app.wrap(NormalizePath::trim())
    };
    for cors in [Cors::outermost(), Cors::new(&super::DEFAULT)] {
        let app = actix(init_service(app().wrap(cors)).await);
        for path in ["//admin", "/admin/", "//admin//"] {
            for origin in [APP, DEFAULT_ORIGIN] {
                let sent = preflight("PUT", path).from(origin);
                sent.to(&app).await.is_refused_preflight();
            }
            let reply = request("PUT", path).from(APP).to(&app).await;
            reply.has_body("plain").has_no_cors();
        }
        preflight("PUT", "/other")
            .from(APP)
            .to(&app)
            .await
            .is_allowed_preflight(APP);
    }
}
