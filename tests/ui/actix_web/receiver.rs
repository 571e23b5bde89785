use cors_runtime::actix_web::cors;

struct Api;

impl Api {
    #[cors(origins = "*")]
    async fn list(&self) -> &'static str {
        "items"
    }
}

fn main() {}
