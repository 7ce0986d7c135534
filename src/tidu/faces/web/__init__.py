"""The web application: the site's pages served live, and an interface for programs beside them."""
