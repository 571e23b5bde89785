use cors_runtime::actix_web::cors;

#[cors(origins = "*")]
#[tracing::instrument]
async fn list() -> &'static str {
    "items"
}

fn main() {}
