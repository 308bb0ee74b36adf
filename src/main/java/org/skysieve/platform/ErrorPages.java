package org.skysieve.platform;

/** How a problem looks in a browser. A CDI bean of the web room; without one, browsers see a plain page. */
public interface ErrorPages {
    /** A whole HTML page. Must not throw and must not touch the database: it may be down. */
    String render(int status, String title, String detail);
}
