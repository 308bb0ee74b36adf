package org.skysieve.platform;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmbeddedPostgresTest {
    @TempDir
    Path folder;

    @Test
    void keepsItsDataOverARestartAndRefusesASecondUser() throws SQLException {
        List<String> progress = new ArrayList<>();
        try (EmbeddedPostgres first = EmbeddedPostgres.start(folder, progress::add)) {
            try (Connection connection = connect(first);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE kept (x int)");
                statement.execute("INSERT INTO kept VALUES (42)");
                assertThat(setting(statement, "fsync")).isEqualTo("on");
                assertThat(setting(statement, "full_page_writes")).isEqualTo("on");
                assertThat(setting(statement, "synchronous_commit")).isEqualTo("on");
                assertThat(setting(statement, "listen_addresses")).isEqualTo("127.0.0.1");
            }

            assertThatThrownBy(() -> EmbeddedPostgres.start(folder, progress::add))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use");
            assertThatThrownBy(() -> DriverManager.getConnection(first.jdbcUrl(), first.username(), "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
        }

        try (EmbeddedPostgres second = EmbeddedPostgres.start(folder, progress::add);
                Connection connection = connect(second);
                Statement statement = connection.createStatement()) {
            ResultSet rows = statement.executeQuery("SELECT x FROM kept");
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(42);
        }
        assertThat(progress).filteredOn(line -> line.startsWith("Creating")).hasSize(1);
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
    }

    private static String setting(Statement statement, String name) throws SQLException {
        ResultSet row = statement.executeQuery("SHOW " + name);
        assertThat(row.next()).isTrue();
        return row.getString(1);
    }
}
