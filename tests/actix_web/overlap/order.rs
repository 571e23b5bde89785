//! Tests that a preflight reaches the service that would serve the actual request.

use actix_web::{App, get, guard, post, put, web};
use cors_runtime::actix_web::{cors, resource};

use super::{DEFAULT_ORIGIN, in_every_mode, plain};
use crate::common::{ADMIN, APP, preflight, request};

#[cors(origins = ["https://app.example"])]
#[get("/users/{id}")]
async fn user() -> &'static str {
    "user"
}

#[cors(origins = ["https://admin.example"], headers = ["content-type"])]
#[post("/users/login")]
async fn login() -> &'static str {
    "login"
}

#[tokio::test(flavor = "current_thread")]
async fn preflights_continue_to_the_next_route() {
    for turned in [false, true] {
        let apps = || {
            let app = App::new();
            if turned {
                app.service(login).service(user)
            } else {
                app.service(user).service(login)
            }
        };
        in_every_mode!(apps(), |app| {
            let sent = preflight("POST", "/users/login").with_headers("content-type");
            sent.from(ADMIN).to(&app).await.is_allowed_preflight(ADMIN);
            for origin in [APP, DEFAULT_ORIGIN] {
                let sent = preflight("POST", "/users/login").from(origin);
                sent.to(&app).await.is_refused_preflight();
            }
            let reply = request("POST", "/users/login").from(ADMIN).to(&app).await;
            reply.has_body("login").allows(ADMIN);
            let sent = preflight("GET", "/users/login").from(APP);
            sent.to(&app).await.is_allowed_preflight(APP);
            let reply = request("GET", "/users/login").from(APP).to(&app).await;
            reply.has_body("user").allows(APP);
        });
    }
}

#[cors(origins = ["https://app.example"], credentials)]
#[put("/x/a")]
async fn first() -> &'static str {
    "first"
}

#[cors(origins = ["https://app.example"], credentials)]
#[post("/x/{x}")]
async fn wild() -> &'static str {
    "wild"
}

#[cors(origins = ["https://admin.example"], credentials)]
#[post("/x/a")]
async fn never_reached() -> &'static str {
    "never reached"
}

#[tokio::test(flavor = "current_thread")]
async fn a_route_that_is_never_reached_is_ignored() {
    let apps = || {
        let app = App::new().service(first).service(wild);
        app.service(never_reached)
    };
    in_every_mode!(apps(), |app| {
        let sent = preflight("POST", "/x/a").from(APP);
        sent.to(&app).await.is_allowed_preflight(APP).credentials();
        preflight("POST", "/x/a")
            .from(ADMIN)
            .to(&app)
            .await
            .is_refused_preflight();
        let reply = request("POST", "/x/a").from(APP).to(&app).await;
        reply.has_body("wild").allows(APP);
        let reply = request("POST", "/x/a").from(ADMIN).to(&app).await;
        reply.has_body("wild").is_denied();
    });
}

#[cors(origins = ["https://app.example"], credentials)]
#[put(r"/n/{n:\d+}")]
async fn number() -> &'static str {
    "number"
}

#[tokio::test(flavor = "current_thread")]
async fn an_earlier_plain_pattern_takes_the_preflights() {
    for path in ["/{tail:.*}", "/n/{tail:.*}"] {
        let apps = || {
            let in_front = web::resource(path).guard(guard::Put()).to(plain);
            App::new().service(in_front).service(number)
        };
        in_every_mode!(apps(), |app| {
            preflight("PUT", "/n/5")
                .from(APP)
                .to(&app)
                .await
                .is_refused_preflight();
            let reply = request("PUT", "/n/5").from(APP).to(&app).await;
            reply.has_body("plain").has_no_cors();
        });
    }
}

#[cors(origins = ["https://app.example"])]
async fn resource_handler() -> &'static str {
    "of resource"
}

#[tokio::test(flavor = "current_thread")]
async fn a_resource_serves_every_method_of_its_path() {
    let apps = || {
        let items = resource("/users/{id}").put(resource_handler);
        App::new().service(items).service(login)
    };
    in_every_mode!(apps(), |app| {
        preflight("POST", "/users/login")
            .from(ADMIN)
            .to(&app)
            .await
            .is_refused_preflight();
        let reply = request("POST", "/users/login").from(APP).to(&app).await;
        reply.is(405).allows(APP);
    });
}
