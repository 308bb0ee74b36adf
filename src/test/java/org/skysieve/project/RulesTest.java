package org.skysieve.project;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class RulesTest {
    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new ParameterNamesModule()).build();

    @Test
    void whatIsLeftOutIsUsual() throws Exception {
        assertThat(JSON.readValue("{}", Rules.class))
                .usingRecursiveComparison()
                .withEqualsForType((a, b) -> Math.abs(a - b) < 1e-12, Double.class)
                .isEqualTo(Rules.DEFAULT);
    }

    @Test
    void aLargeShareOfOneArmLeavesTheOthersLess() throws Exception {
        Rules rules = JSON.readValue("{\"explorationShare\":0.6,\"goldShare\":0.05}", Rules.class);

        assertThat(rules.varietyShare()).isCloseTo(0.35 * 0.55 / 0.77, within(1e-12));
        assertThatThrownBy(() -> JSON.readValue("{\"explorationShare\":0.6,\"varietyShare\":0.5}", Rules.class))
                .hasMessageContaining("explorationShare + goldShare + varietyShare")
                .hasMessageContaining("need below 1");
    }
}
